/** A whole server as a process of its own, whose every secret holds a canary, and what it printed. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { freePort } from "../../bench/free-port.ts";
import { until } from "./installation.ts";

export const CANARY = "canary-C01X00T47";
export const ADMIN_KEY = `${CANARY}-an-admin-key-of-an-installation`;
// Base64 of 32 bytes, made of letters so that it can be searched for.
export const MASTER_KEY = `canaryMasterKey${"A".repeat(28)}=`;

export interface Process {
  readonly child: ChildProcess;
  readonly url: string;
  readonly printed: () => string;
}

/** Starts one with a configuration file of its own. */
export async function startProcess(t: TestContext, configFile: string): Promise<Process> {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-canary-"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "posthorn.config.ts"), configFile);
  const cli = join(import.meta.dirname, "../../server/src/cli.ts");
  const port = await freePort();
  const child = spawn(process.execPath, [cli, "start"], {
    cwd: folder,
    env: {
      POSTHORN_DATABASE_URL: `sqlite:${join(folder, "canary.db")}`,
      POSTHORN_PORT: String(port),
      POSTHORN_ADMIN_KEY: ADMIN_KEY,
      POSTHORN_MASTER_KEY: MASTER_KEY,
      POSTHORN_LOG_LEVEL: "debug",
    },
  });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => void (text += chunk.toString("latin1")));
  child.stderr.on("data", (chunk: Buffer) => void (text += chunk.toString("latin1")));
  t.after(async () => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  await until("it serves", () => text.includes("Posthorn serves") || child.exitCode !== null);
  return { child, url: `http://127.0.0.1:${port}`, printed: () => text };
}

/** Checks that no text holds any canary. */
export function assertSilent(canaries: readonly string[], texts: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(texts)) {
    for (const [index, canary] of canaries.entries()) {
      assert.equal(text.includes(canary), false, `${name} holds canary ${index}: ${lineOf(text, canary)}`);
    }
  }
}

/** The line with a canary, without it: a failing test must not print it either. */
function lineOf(text: string, canary: string): string {
  const line = text.split("\n").find((each) => each.includes(canary)) ?? "";
  return line.replaceAll(canary, "…").slice(0, 400);
}
