/** Every hostile receiver once, against a real socket. */
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { standard } from "@posthorn/contracts/standard/send";
import { ANSWER_BYTES_MAX } from "../../server/src/outbound/answer-body.ts";
import { ANSWER_WIRE_BYTES_MAX } from "../../server/src/outbound/exchange.ts";
import { inShort, listen, setupSender } from "../../server/src/outbound/receiver-fixture.ts";
import type { Sent } from "../../server/src/outbound/sender.ts";
import { type HostileReceiver, isExpected, urlOf } from "./hostile-receiver.ts";
import { HOSTILE_RECEIVERS } from "./receivers.ts";

// A machine so busy that the first deadline passes before what comes first is read is asked again.
const DEADLINES_MS = [400, 1_600, 6_400];
// For those that must be seen through before any deadline.
const PATIENT_MS = [60_000];
// What one read from a socket brings at most, beyond a limit that was just not reached.
const ONE_READ_BYTES = 65_536;

function isDelivered({ answer }: Sent): boolean {
  assert.ok(answer.kind !== "unsendable" && answer.kind !== "sender_failed");
  return standard.verdict(answer, 0).kind === "delivered";
}

/** One attempt at a receiver of its own, on a sender of its own. */
async function attempt(t: TestContext, hostile: HostileReceiver, timeoutMs: number) {
  const receiver = await listen(t, hostile.behave);
  const { post, sender } = setupSender(t);
  const payload = Buffer.alloc(hostile.payloadBytes ?? 10, "x");
  const sent = await post(urlOf(hostile, receiver.origin), { timeoutMs, payload });
  return { sent, outcome: inShort(sent), receiver, counts: sender.counts(), timeoutMs };
}

async function expectedAttempt(t: TestContext, hostile: HostileReceiver) {
  const outcomes: string[] = [];
  for (const timeoutMs of hostile.lasts === true ? DEADLINES_MS : PATIENT_MS) {
    const made = await attempt(t, hostile, timeoutMs);
    if (isExpected(hostile, made.outcome)) {
      return made;
    }
    outcomes.push(made.outcome);
  }
  return assert.fail(`it came to ${outcomes.join(", then to ")}`);
}

describe("send() to a receiver that", { concurrency: 16 }, () => {
  for (const hostile of HOSTILE_RECEIVERS) {
    it(`${hostile.does} comes to ${String(hostile.comesTo)}`, async (t) => {
      const { sent, outcome, receiver, counts, timeoutMs } = await expectedAttempt(t, hostile);

      assert.equal(isDelivered(sent), /^status 2\d\d /.test(outcome), "a status line decides, not the body");
      assert.equal(receiver.sockets.length, 1, "one connection, one request");
      assert.ok(counts.bytesRead <= ANSWER_WIRE_BYTES_MAX + ONE_READ_BYTES, `it read ${counts.bytesRead}`);
      assert.ok(sent.answer.kind !== "status" || sent.answer.body.length <= ANSWER_BYTES_MAX);
      assert.ok(hostile.lasts !== true || sent.phases.endMs >= timeoutMs - 5, "not before the deadline");
      assert.ok(sent.phases.endMs < 20 * timeoutMs, `it ended after ${sent.phases.endMs} ms`);
      const mayStay = outcome.endsWith(" whole") ? counts.idle : 0;
      assert.equal(counts.connections, mayStay, "what was not read to its end is closed");
    });
  }
});
