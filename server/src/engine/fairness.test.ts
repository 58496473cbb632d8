import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Sent } from "../outbound/sender.ts";
import { createDispatcher } from "./dispatcher.ts";
import { ACCEPTED, dispatcherPorts } from "./dispatcher-fixture.ts";
import { createManualClock, endpointOf, eventAt, routeOf } from "./engine-fixture.ts";
import { createLane, type Lane, pushReady } from "./lane.ts";
import { DEFAULT_LIMITS, SLOW_MS } from "./limits.ts";
import { createPayloads } from "./payloads.ts";

const EVENTS = 60;
const MAX_IN_FLIGHT = 10;
const HANGS = "https://hangs.test/";
const WORKS = "https://works.test/";

const TIMED_OUT: Sent["answer"] = { kind: "timed_out", code: "timeout_headers", detail: "" };

interface Group {
  readonly tenant: number;
  readonly endpoints: number;
  readonly url: string;
}

/** A dispatcher over endpoints with the same events each; those of `HANGS` are answered when told to be. */
function setup(...groups: readonly Group[]) {
  const clock = createManualClock();
  const payloads = createPayloads(1_000_000);
  const offsets = Array.from({ length: EVENTS }, (_, index) => index + 1);
  offsets.forEach((offset) => payloads.put(eventAt(offset)));
  const lanes: Lane[] = [];
  for (const { tenant, endpoints, url } of groups) {
    for (let count = 0; count < endpoints; count += 1) {
      const route = routeOf("each", { policy: { maxInFlight: MAX_IN_FLIGHT } });
      const endpoint = { ...endpointOf([{}], lanes.length + 1), tenant };
      const lane = createLane({ ...route, endpoint, view: { ...route.view, url } }, 0);
      offsets.forEach((offset) => pushReady(lane, offset, clock.now()));
      lanes.push(lane);
    }
  }
  const sent = { [HANGS]: 0, [WORKS]: 0 };
  let hanging: (() => void)[] = [];
  const dispatcher = createDispatcher({
    ...dispatcherPorts(clock),
    sender: {
      async send({ url }) {
        if (url !== HANGS) {
          sent[WORKS] += 1;
          return { answer: ACCEPTED, phases: { endMs: 1 } };
        }
        sent[HANGS] += 1;
        await new Promise<void>((resolve) => hanging.push(resolve));
        return { answer: TIMED_OUT, phases: { endMs: 1 } };
      },
      close: async () => {},
    },
    payloads,
  });
  dispatcher.start();
  return {
    sent,
    dispatcher,
    /** Lets everything happen that needs no answer of those that hang. */
    async run() {
      lanes.forEach((lane) => dispatcher.enqueue(lane));
      for (let before = -1; before !== sent[WORKS]; ) {
        before = sent[WORKS];
        await new Promise(setImmediate);
      }
    },
    async timeOut() {
      const ended = hanging;
      hanging = [];
      clock.pass(SLOW_MS + 1);
      ended.forEach((end) => end());
      await new Promise(setImmediate);
    },
  };
}

describe("createDispatcher() with endpoints that hang", () => {
  test("half of a tenant's endpoints hang, and the others are sent everything", async () => {
    const { run, sent } = setup(
      { tenant: 1, endpoints: 20, url: HANGS },
      { tenant: 1, endpoints: 20, url: WORKS },
    );
    await run();
    assert.deepEqual(sent, { [HANGS]: 20, [WORKS]: 20 * EVENTS });
  });

  test("a tenant whose two thousand endpoints hang keeps another's one from nothing", async () => {
    const { run, sent } = setup(
      { tenant: 1, endpoints: 2000, url: HANGS },
      { tenant: 2, endpoints: 1, url: WORKS },
    );
    await run();
    assert.deepEqual(sent, { [HANGS]: DEFAULT_LIMITS.inFlightPerTenantMax, [WORKS]: EVENTS });
  });

  test("endpoints that hang leave most of their tenant's room after their first timeouts", async () => {
    const { run, timeOut, dispatcher } = setup({ tenant: 1, endpoints: 900, url: HANGS });
    await run();
    assert.equal(dispatcher.inFlight, 900);
    await timeOut();
    assert.equal(dispatcher.inFlight, DEFAULT_LIMITS.inFlightSlowPerTenantMax);
  });

  test("endpoints that hang leave most of the room there is, whosever they are", async () => {
    const groups = Array.from({ length: 900 }, (_, tenant) => ({ tenant, endpoints: 1, url: HANGS }));
    const { run, timeOut, dispatcher } = setup(...groups);
    await run();
    await timeOut();
    assert.equal(dispatcher.inFlight, DEFAULT_LIMITS.inFlightSlowMax);
  });
});
