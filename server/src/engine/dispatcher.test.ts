import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { emptyFacts } from "../facts.ts";
import { currentVersion } from "../model/endpoint.ts";
import type { StoredEvent } from "../model/event.ts";
import { createDispatcher, type DispatcherPorts } from "./dispatcher.ts";
import { ACCEPTED, dispatcherPorts } from "./dispatcher-fixture.ts";
import { dropChange } from "./drop-change.ts";
import { createManualClock, endpointOf, eventAt, HANDSHAKE, routeOf } from "./engine-fixture.ts";
import type { Change } from "./flusher.ts";
import { createLane, pushReady } from "./lane.ts";
import { createPayloads } from "./payloads.ts";
import { createRetryWindow } from "./retry-window.ts";
import type { Route } from "./routes.ts";

interface Given {
  readonly route?: Route;
  /** Reads what is not in memory. Default: it is gone. */
  readonly readEvents?: DispatcherPorts["readEvents"];
}

/** A dispatcher over one lane, batched unless given, whose drops wait to be made durable. */
function setup(events: readonly StoredEvent[], given: Given = {}) {
  const { route = routeOf("batched"), readEvents = async () => [] } = given;
  const clock = createManualClock();
  const lane = createLane(route, 0);
  const payloads = createPayloads(1_000_000);
  for (const event of events) {
    if (given.readEvents === undefined) {
      payloads.put(event);
    }
    pushReady(lane, event.offset, clock.now());
  }
  const sent: string[] = [];
  const dropped: Change[] = [];
  const dispatcher = createDispatcher({
    ...dispatcherPorts(clock),
    sender: {
      async send({ method, payload }) {
        sent.push(method === "POST" ? new TextDecoder().decode(payload) : method);
        return { answer: ACCEPTED, phases: { endMs: 1 } };
      },
      close: async () => {},
    },
    payloads,
    readEvents,
    onGreeted(of) {
      const { change } = currentVersion(of.route.endpoint);
      of.welcome = { change, from: 0, until: Infinity, paceMs: 0 };
    },
    onDropped: (of, drop) =>
      dropped.push(
        dropChange({
          lane: of,
          dropped: drop,
          now: clock.now(),
          window: createRetryWindow(100),
          routedTo: () => 0,
          onReady: (ready) => dispatcher.enqueue(ready),
        }),
      ),
  });
  return { clock, dispatcher, lane, sent, dropped };
}

/** The same, with its first turns given. */
function started(...given: Parameters<typeof setup>): ReturnType<typeof setup> {
  const all = setup(...given);
  all.dispatcher.start();
  return all;
}

describe("createDispatcher()", () => {
  test("start() gives the first turns to lanes that stood in line", async () => {
    const { dispatcher, lane, sent } = setup([eventAt(1)], { route: routeOf("each") });
    dispatcher.enqueue(lane);
    await new Promise(setImmediate);
    assert.equal(sent.length, 0);
    dispatcher.start();
    await new Promise(setImmediate);
    assert.equal(sent.length, 1);
  });

  test("a batch goes without what expired, once it is durable that it expired", async () => {
    const { clock, dispatcher, lane, sent, dropped } = started([
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

  test("what was on its way when something newer came does not go again", async () => {
    const route = routeOf("each", { config: { latestOnlyBy: "subject" } });
    const { dispatcher, lane, sent, dropped } = started([eventAt(1, { subject: "a" })], { route });
    lane.newest.set("\na", { offset: 2, expiresAt: undefined });
    dispatcher.enqueue(lane);
    await new Promise(setImmediate);

    const facts = emptyFacts(0, 0);
    dropped[0]?.contribute(facts);
    assert.deepEqual(sent, []);
    assert.deepEqual(
      facts.gaps.map(({ from, reason }) => [from, reason]),
      [[1, "superseded"]],
    );
  });

  test("what was being read while its endpoint was saved goes after another greeting, in order", async () => {
    for (const discipline of ["each", "ordered", "batched"] as const) {
      const route = routeOf(discipline, { handshake: HANDSHAKE });
      const events = [eventAt(1), eventAt(2), eventAt(3)];
      const read = Promise.withResolvers<void>();
      const { dispatcher, lane, sent } = started(events, {
        route,
        async readEvents(offsets) {
          await read.promise;
          return events.filter(({ offset }) => offsets.includes(offset));
        },
      });
      lane.welcome = { change: 1, from: 0, until: Infinity, paceMs: 0 };
      dispatcher.enqueue(lane);
      lane.route = { ...route, endpoint: endpointOf([{}, {}]) };
      read.resolve();
      await new Promise(setImmediate);

      const [first, second] = sent;
      assert.equal(first, "OPTIONS", discipline);
      assert.match(second ?? "", /^evt_/, discipline);
      assert.equal(sent.filter((method) => method === "OPTIONS").length, 1, discipline);
    }
  });
});
