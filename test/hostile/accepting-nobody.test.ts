import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { inShort, setupSender } from "../../server/src/outbound/receiver-fixture.ts";

const PROGRAM = fileURLToPath(new URL("accepting-nobody.ts", import.meta.url));
// More than its queue takes.
const FILLERS = 8;

test("send() ends at the deadline where nobody accepts connections", async (t) => {
  const program = spawn(process.execPath, [PROGRAM], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => program.kill("SIGKILL"));
  const [line] = await once(program.stdout.setEncoding("utf8"), "data");
  const port = Number(line);
  const fillers = Array.from({ length: FILLERS }, () => connect(port, "127.0.0.1").on("error", () => {}));
  t.after(() => fillers.forEach((filler) => filler.destroy()));
  const [first] = fillers;
  assert.ok(first !== undefined);
  await once(first, "connect");
  const { post, sender } = setupSender(t);
  const sent = await post(`http://127.0.0.1:${port}/`, { timeoutMs: 300 });
  assert.equal(inShort(sent), "timed_out timeout_connect");
  assert.equal(sender.counts().connections, 0);
});
