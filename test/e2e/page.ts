import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { freePort } from "../../bench/free-port.ts";
import { createClient } from "../../client/client.ts";
import { configOf } from "../../server/src/cli/config-given.ts";
import { startServer } from "../../server/src/main.ts";
import { until } from "./installation.ts";

const ROOT = join(import.meta.dirname, "../..");

/** A block may start several programs one after the other, and the machine may be busy. */
const PATIENCE_MS = 120_000;

/** For tests that read a page: they end when its last block has, however busy the machine is. */
export const PAGE_TEST = { timeout: 600_000 };

/** A block of code that says in its first line which file it is, or which terminal it is typed into. */
export interface CodeBlock {
  readonly language: string;
  readonly name: string;
  readonly code: string;
}

/** What a reader has before the first word: a folder, and in it everything that is installed. */
export interface Place {
  readonly folder: string;
  /** Has something end before the folder goes; what began last ends first. */
  atEnd(end: () => Promise<unknown>): void;
}

export function placeOf(t: TestContext): Place {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-page-"));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "dir");
  return { folder, atEnd: endsOf(t, () => rmSync(folder, { recursive: true, force: true })) };
}

/** What ends with a test, what began last first, and what comes `then`. */
export function endsOf(t: TestContext, then: () => void): Place["atEnd"] {
  const ends: (() => Promise<unknown>)[] = [];
  t.after(async () => {
    for (const end of ends.toReversed()) {
      await end();
    }
    then();
  });
  return (end) => void ends.push(end);
}

/** A server for development whose database is in the folder, and the environment in which it is asked. */
export async function serveIn({ folder, atEnd }: Place) {
  const database = { POSTHORN_DATABASE_URL: `sqlite:${join(folder, "posthorn.db")}` };
  const config = configOf({ ...database, POSTHORN_LOG_LEVEL: "error" });
  const server = await startServer({ config: { ...config, port: 0 }, isDevelopment: true });
  atEnd(() => server.stop());
  const { url, adminKey: key = "" } = server;
  return { url, key, env: { ...database, POSTHORN_URL: url, POSTHORN_KEY: key } };
}

/** The blocks of a page of the repository, in their order; those without a name are only to be looked at. */
export function codeBlocksOf(path: string): readonly CodeBlock[] {
  const page = readFileSync(join(ROOT, path), "utf8");
  return [...page.matchAll(/^```(\w+)\n(?:\/\/|#) (.+)\n([\s\S]*?)^```/gm)].map(
    ([, language = "", name = "", code = ""]) => ({ language, name, code }),
  );
}

interface Reading {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
  /** What stands in the page for what only the reader has: an ellipsis, an address. */
  readonly standIns: Readonly<Record<string, string>>;
}

/** Somebody who does what a page says, word for word. */
export interface Reader {
  /** Runs the next block of the shell, waits until its terminal says what fits, and returns that. */
  type(expected: RegExp): Promise<RegExpExecArray>;
  /** Waits until a terminal has said what fits. */
  see(terminal: string, expected: RegExp): Promise<RegExpExecArray>;
  /** From here on, this is what stands for that. */
  learn(standIn: string, value: string | undefined): void;
  /** How many blocks of the shell have not been run. */
  left(): number;
}

/** Writes the programs of a page into the folder; its blocks of the shell are run one by one. */
export function readPage(place: Place, { path, env, standIns }: Reading): Reader {
  const known = new Map(Object.entries(standIns));
  const asRead = (code: string) =>
    [...known].reduce((text, [standIn, value]) => text.replaceAll(standIn, value), code);
  const blocks = codeBlocksOf(path);
  for (const { name, code } of blocks.filter(({ language }) => language !== "sh")) {
    writeFileSync(join(place.folder, name), asRead(code));
  }
  const typed = blocks.filter(({ language }) => language === "sh");
  const terminals = new Map<string, Terminal>();

  return {
    async type(expected) {
      const { name, code } = typed.shift() ?? assert.fail(`${path} has another block`);
      const terminal = terminals.get(name) ?? openTerminal(place, env);
      terminals.set(name, terminal);
      return await terminal.type(asRead(code), expected);
    },
    see: (name, expected) => (terminals.get(name) ?? assert.fail(`there is ${name}`)).see(expected),
    learn(standIn, value) {
      known.set(standIn, value ?? assert.fail(`${standIn} was shown`));
    },
    left: () => typed.length,
  };
}

/** Opens a page whose reader has the server, the tenant and the exports of the start page. */
export async function openPage(t: TestContext, { path, ports }: Opening) {
  const place = placeOf(t);
  const { url, key, env } = await serveIn(place);
  const client = createClient({ url, key });
  await client.createTenant({ id: "acme", name: "Acme" });
  const standIns: Record<string, string> = { "http://127.0.0.1:8080": url };
  for (const port of ports ?? []) {
    standIns[String(port)] = String(await freePort());
  }
  const reader = readPage(place, { path, env: { ...env, POSTHORN_TENANT: "acme" }, standIns });
  return { reader, client, place, portOf: (port: number) => standIns[String(port)] };
}

interface Opening {
  readonly path: string;
  /** Those of the page's own programs. */
  readonly ports?: readonly number[];
}

interface Terminal {
  type(code: string, expected: RegExp): Promise<RegExpExecArray>;
  see(expected: RegExp): Promise<RegExpExecArray>;
}

/** A shell that stays open, so that what one block sets is there in the next. */
function openTerminal({ folder, atEnd }: Place, env: Readonly<Record<string, string>>): Terminal {
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
  // A group of its own, so that it ends with everything it runs.
  const shell = spawn("bash", { cwd: folder, env: { ...inherited, ...env }, detached: true });
  const closed = once(shell, "close");
  atEnd(async () => {
    process.kill(-(shell.pid ?? assert.fail("there is a shell")), "SIGTERM");
    await closed;
  });
  let said = "";
  let blocks = 0;
  for (const stream of [shell.stdout, shell.stderr]) {
    stream.on("data", (chunk: Buffer) => void (said += chunk.toString()));
  }
  async function fits(expected: RegExp, from: number): Promise<RegExpExecArray> {
    const look = () => expected.exec(said.slice(from));
    await until(`it fits ${expected}`, () => look() !== null, PATIENCE_MS).catch(() => undefined);
    return look() ?? assert.fail(`what fits ${expected} was to be said, not ${said.slice(from)}`);
  }
  return {
    async type(code, expected) {
      const from = said.length;
      blocks += 1;
      // From a file: what a program reads of its input is not the rest of the block.
      const file = join(folder, `typed-${shell.pid}-${blocks}.sh`);
      writeFileSync(file, code);
      shell.stdin.write(`. ${file}\n`);
      return await fits(expected, from);
    },
    see: (expected) => fits(expected, 0),
  };
}
