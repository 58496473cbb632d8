import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { StoredEvent } from "../model/event.ts";
import { createIds } from "../model/ids.ts";
import { emptyFacts } from "../store.ts";
import { createAlarm } from "./alarm.ts";
import { createDispatcher } from "./dispatcher.ts";
import { dropChange } from "./drop-change.ts";
import { createManualClock, eventAt, routeOf } from "./engine-fixture.ts";
import type { Change } from "./flusher.ts";
import { createLane, pushReady } from "./lane.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { createPayloads } from "./payloads.ts";

const ACCEPTED = {
  kind: "status",
  status: 200,
  headers: {},
  body: new Uint8Array(),
  bodyState: "whole",
} as const;

/** A dispatcher over one batched lane, whose drops wait to be made durable. */
function setup(events: readonly StoredEvent[]) {
  const clock = createManualClock();
  const lane = createLane(routeOf("batched"), 0);
  const payloads = createPayloads(1_000_000);
  for (const event of events) {
    payloads.put(event);
    pushReady(lane, event.offset, clock.now());
  }
  const sent: string[] = [];
  const dropped: Change[] = [];
  const dispatcher = createDispatcher({
    clock,
    sender: {
      async send({ payload }) {
        sent.push(new TextDecoder().decode(payload));
        return { answer: ACCEPTED, phases: { endMs: 1 } };
      },
      close: async () => {},
    },
    ids: createIds(new Uint8Array(16)),
    digest: (bytes) => bytes,
    fraction: () => 0.5,
    limits: DEFAULT_LIMITS,
    alarm: createAlarm(clock),
    payloads,
    readEvents: async () => [],
    erased: new Set(),
    unflushed: () => 0,
    onOutcome: () => {},
    onGreeted: () => {},
    onDropped: (of, drop) =>
      dropped.push(
        dropChange({
          lane: of,
          dropped: drop,
          now: clock.now(),
          routedTo: () => 0,
          onReady: (ready) => dispatcher.enqueue(ready),
        }),
      ),
    onTaken: () => {},
    onFault: (_lane, error) => assert.fail(String(error)),
    onReadFailed: () => {},
  });
  return { clock, dispatcher, lane, sent, dropped };
}

describe("createDispatcher()", () => {
  test("a batch goes without what expired, once it is durable that it expired", async () => {
    const { clock, dispatcher, lane, sent, dropped } = setup([
      eventAt(1, { expiresAt: 1 }),
      eventAt(2),
      eventAt(3),
    ]);
    dispatcher.enqueue(lane);
    await new Promise(setImmediate);
    assert.deepEqual([sent.length, lane.ready.length, lane.requestsOut], [0, 2, 1]);

    const facts = emptyFacts(0, 0);
    dropped[0]?.contribute(facts);
    assert.deepEqual(
      facts.gaps.map(({ from, to, reason }) => [from, to, reason]),
      [[1, 1, "expired"]],
    );
    dropped[0]?.applied();
    // A batch of fewer than the most waits for company.
    clock.pass(200);
    await new Promise(setImmediate);
    assert.equal(sent[0]?.split(",").length, 2);
    assert.equal(dropped.length, 1);
  });
});
