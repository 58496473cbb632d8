/** Every hostile receiver once, against a real socket. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { standard } from "@posthorn/contracts/standard/send.ts";
import { ANSWER_BYTES_MAX } from "../../server/src/outbound/answer-body.ts";
import { ANSWER_WIRE_BYTES_MAX } from "../../server/src/outbound/exchange.ts";
import { inShort, listen, setupSender } from "../../server/src/outbound/receiver-fixture.ts";
import type { Sent } from "../../server/src/outbound/sender.ts";
import { isExpected, urlOf } from "./hostile-receiver.ts";
import { HOSTILE_RECEIVERS } from "./receivers.ts";

// Long enough for a busy machine to see what comes before the deadline, short enough to wait for.
const DEADLINE_MS = 800;
// For those that must be seen through before any deadline, on the busiest machine.
const PATIENT_MS = 60_000;
// What one read from a socket brings at most, beyond a limit that was just not reached.
const ONE_READ_BYTES = 65_536;

function isDelivered({ answer }: Sent): boolean {
  assert.ok(answer.kind !== "unsendable" && answer.kind !== "sender_failed");
  return standard.verdict(answer, 0).kind === "delivered";
}

describe("send() to a receiver that", { concurrency: 16 }, () => {
  for (const hostile of HOSTILE_RECEIVERS) {
    const { does, behave, comesTo, lasts = false, payloadBytes = 10 } = hostile;
    it(`${does} comes to ${String(comesTo)}`, async (t) => {
      const receiver = await listen(t, behave);
      const { post, sender } = setupSender(t);
      const sent = await post(urlOf(hostile, receiver.origin), {
        timeoutMs: lasts ? DEADLINE_MS : PATIENT_MS,
        payload: Buffer.alloc(payloadBytes, "x"),
      });
      const outcome = inShort(sent);

      assert.ok(isExpected(hostile, outcome), `it came to ${outcome}`);
      assert.equal(isDelivered(sent), /^status 2\d\d /.test(outcome), "a status line decides, not the body");
      assert.equal(receiver.sockets.length, 1, "one connection, one request");
      assert.ok(sender.counts().bytesRead <= ANSWER_WIRE_BYTES_MAX + ONE_READ_BYTES);
      assert.ok(sent.answer.kind !== "status" || sent.answer.body.length <= ANSWER_BYTES_MAX);
      assert.ok(!lasts || sent.phases.endMs >= DEADLINE_MS - 5, "not before the deadline");
      assert.ok(sent.phases.endMs < 20 * DEADLINE_MS, `it ended after ${sent.phases.endMs} ms`);
      assert.equal(sender.counts().connections, sender.counts().idle, "nothing is left in use");
    });
  }
});
