import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { until } from "./installation.ts";

const CLI = fileURLToPath(new URL("../../server/src/cli.ts", import.meta.url));
/** The demo itself gives up before. */
const PATIENCE_MS = 300_000;

test("posthorn demo --exit ends with 0 when every event arrived and every request was verified", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, "demo", "--exit"]);

  assert.match(stdout, /the lane is held \(outcome_failure\)/);
  assert.match(stdout, /^bspk .* → 500 /m);
  assert.match(stdout, /^bspk .* → 422 /m);
  assert.match(stdout, /^spektr +20 events → 500/m);
  assert.match(stdout, /^bubblehouse +\/bh\/Hello1 → 200 \{"magic":/m);
  assert.match(stdout, /^bspk +24 .+ 0 +0 +not promised$/m);
  assert.match(stdout, /^spektr +54 .+ 0 +0 +kept$/m);
  assert.match(stdout, /^bubblehouse +24 .+ 0 +0 +kept$/m);
});

test("posthorn demo --json prints what each receiver counted, and the rest on standard error", async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [CLI, "demo", "--exit", "--json"]);

  const rows = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const flawless = { lost: 0, duplicates: 0, inversions: 0 };
  const counted = rows.map(({ contract, is_ordered, sent, lost, duplicates, inversions }) => ({
    ...{ contract, is_ordered, sent, lost, duplicates },
    inversions: is_ordered ? inversions : 0,
  }));
  assert.deepEqual(counted, [
    { contract: "bspk", is_ordered: false, sent: 24, ...flawless },
    { contract: "spektr", is_ordered: true, sent: 54, ...flawless },
    { contract: "bubblehouse", is_ordered: true, sent: 24, ...flawless },
  ]);
  assert.ok(rows.every(({ requests, verified }) => requests > 0 && requests === verified));
  assert.match(stderr, /Nothing was lost, every request was verified/);
});

test("posthorn demo ends with 0 when Ctrl-C has ended its receivers before it", async (t) => {
  // At a terminal, Ctrl-C goes to a whole group of processes.
  const demo = spawn(process.execPath, [CLI, "demo"], { detached: true });
  const pid = demo.pid ?? assert.fail("there is a demo");
  t.after(() => demo.kill("SIGKILL"));
  const closed = once(demo, "close");
  let said = "";
  demo.stdout.on("data", (chunk: Buffer) => void (said += chunk.toString()));
  await until("it serves on", () => said.includes("Ctrl-C ends it"), PATIENCE_MS);

  process.kill(pid, "SIGSTOP");
  process.kill(-pid, "SIGINT");
  process.kill(pid, "SIGCONT");

  assert.deepEqual(await closed, [0, null]);
});

test("posthorn refuses a command it does not know with exit code 2", async () => {
  const failed = promisify(execFile)(process.execPath, [CLI, "sevre"]);

  await assert.rejects(failed, { code: 2, stderr: /knows no command "sevre"/ });
});
