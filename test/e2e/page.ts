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
const PATIENCE_MS = 300_000;

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
export async function serveIn({ folder, atEnd }: Place, more: Readonly<Record<string, string>> = {}) {
  const database = { POSTHORN_DATABASE_URL: `sqlite:${join(folder, "posthorn.db")}`, ...more };
  const config = configOf({ ...database, POSTHORN_LOG_LEVEL: "error" });
  const server = await startServer({ config: { ...config, port: 0 }, isDevelopment: true });
  let isStopped = false;
  const stop = async () => {
    if (!isStopped) {
      isStopped = true;
      await server.stop();
    }
  };
  atEnd(stop);
  const { url, adminKey: key = "" } = server;
  return { url, key, stop, env: { ...database, POSTHORN_URL: url, POSTHORN_KEY: key } };
}

interface Fence {
  readonly language: string;
  readonly code: string;
}

/** Everything between fences of a page, in its order; within a list without what it is indented by. */
export function fencesOf(path: string): readonly Fence[] {
  const page = readFileSync(join(ROOT, path), "utf8");
  return [...page.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm)].map(
    ([, indent = "", language = "", code = ""]) => ({
      language,
      code: code.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    }),
  );
}

/** The blocks of a page of the repository, in their order; those without a name are only to be looked at. */
export function codeBlocksOf(path: string): readonly CodeBlock[] {
  return fencesOf(path).flatMap(({ language, code }) => {
    const [, name, rest = ""] = /^(?:\/\/|#) (.+)\n([\s\S]*)$/.exec(code) ?? [];
    return language === "" || name === undefined ? [] : [{ language, name, code: rest }];
  });
}

/**
 * What a page shows of a program's output, in a block that begins so: what fits it has other ids, numbers and
 * times.
 */
export function likeShown(path: string, beginning: string): RegExp {
  const { code } =
    fencesOf(path).find((fence) => fence.code.startsWith(beginning)) ??
    assert.fail(`${path} shows ${beginning}`);
  const pattern = code
    .trim()
    .replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:]+\\\.\d+Z/g, "[-\\dT:.Z]+")
    .replaceAll(
      /\b(?:(evt|ep|dlv)_)?(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/g,
      (_, kind) => `${kind ? `${kind}_` : ""}[0-9a-f]+`,
    )
    .replaceAll(/(?<![-\\[])\b\d+\b(?![-a-f\]])/g, "\\d+")
    .replaceAll(/ {2,}/g, " +")
    .replaceAll("…", "[\\s\\S]*");
  return new RegExp(pattern);
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

/** Puts in what things stand for, all at once: an address may have in it what stands for a port. */
export function withStandIns(code: string, known: ReadonlyMap<string, string>): string {
  // The longest first: one may begin as another does.
  const names = [...known.keys()].sort((a, b) => b.length - a.length);
  return names.length === 0
    ? code
    : code.replaceAll(new RegExp(names.map(RegExp.escape).join("|"), "g"), (name) => known.get(name) ?? name);
}

/** Writes the programs of a page into the folder; its blocks of the shell are run one by one. */
export function readPage(place: Place, { path, env, standIns }: Reading): Reader {
  const known = new Map(Object.entries(standIns));
  const asRead = (code: string) => withStandIns(code, known);
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
export async function openPage(t: TestContext, { path, ports, env: more }: Opening) {
  const place = placeOf(t);
  const { url, key, env, stop } = await serveIn(place, more);
  const client = createClient({ url, key });
  await client.createTenant({ id: "acme", name: "Acme" });
  const standIns: Record<string, string> = { "http://127.0.0.1:8080": url };
  for (const port of ports ?? []) {
    standIns[String(port)] = String(await freePort());
  }
  const reader = readPage(place, { path, env: { ...env, POSTHORN_TENANT: "acme" }, standIns });
  return { reader, client, place, url, key, stop };
}

interface Opening {
  readonly path: string;
  /** Those of the page's own programs. */
  readonly ports?: readonly number[];
  /** More of the environment of server and reader. */
  readonly env?: Readonly<Record<string, string>>;
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
