import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { openReaderConnection } from "../../server/src/stores/sqlite/connection.ts";
import { readLeaving } from "../../server/src/stores/sqlite/leaving.ts";
import { OF_RUNS } from "../crash/run-assertions.ts";
import { createMachine, NO_MACHINE } from "./machine.ts";

const MARKING = fileURLToPath(new URL("marking-process.ts", import.meta.url));

test("a file that said that it was moved says so after a power cut, and is not served beside the other", {
  ...OF_RUNS,
  skip: NO_MACHINE,
}, async (t) => {
  using machine = createMachine();
  const child = spawn(process.execPath, [MARKING, machine.database], {
    env: { ...process.env, ...machine.env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  const exited = once(child, "exit");
  const [said] = await Promise.race([once(child.stdout, "data"), exited]);
  assert.equal(String(said), "marked\n");

  child.kill("SIGKILL");
  await exited;
  machine.losePower(() => false);

  using database = openReaderConnection(machine.database);
  assert.equal(readLeaving(database)?.to, "postgres://elsewhere");
});
