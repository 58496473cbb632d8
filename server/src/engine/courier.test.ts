import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { emptyFacts } from "../facts.ts";
import type { Outgoing } from "../sharing.ts";
import { createCourier } from "./courier.ts";
import { createManualClock } from "./engine-fixture.ts";

const event = {
  type: "endpoint.held",
  subject: undefined,
  occurredAt: 5,
  data: new Uint8Array(),
  expiresAt: undefined,
  to: undefined,
  extensions: undefined,
};

/** A courier of two events; what it stores and forgets is noted in order. */
function setup({ fails = false } = {}) {
  const noted: string[] = [];
  const faults: unknown[] = [];
  let outbox: readonly Outgoing[] = [1, 2].map((number) => ({
    number,
    lease: 9,
    raised: { tenant: 4, endpoint: 3, event, key: `key ${number}` },
  }));
  const courier = createCourier({
    lease: 0,
    clock: createManualClock(),
    sharing: { readOutbox: async () => outbox },
    async accept(lease, { tenant, events: [first] }) {
      if (fails) {
        throw new Error("the store is not available");
      }
      noted.push(`${lease} ${tenant} ${first?.key?.text}`);
    },
    flusher: {
      add(change) {
        const facts = emptyFacts(0, 0);
        change.contribute(facts);
        noted.push(`forgets ${facts.handedOn.map(({ outgoing }) => outgoing).join()}`);
        outbox = [];
        change.applied();
      },
    },
    onFailed: (error) => faults.push(error),
  });
  return { courier, noted, faults };
}

describe("createCourier()", () => {
  test("stores what there is where it belongs, under its key, and only then forgets it", async () => {
    const { courier, noted } = setup();
    await courier.runOnce();

    assert.deepEqual(noted, ["9 4 key 1", "9 4 key 2", "forgets 1,2"]);
  });

  test("forgets nothing that could not be stored", async () => {
    const { courier, noted, faults } = setup({ fails: true });
    await courier.runOnce();

    assert.deepEqual([noted, faults.length], [[], 1]);
  });

  test("hands nothing on once it is stopped", async () => {
    const { courier, noted } = setup();
    courier.stop();
    await courier.runOnce();

    assert.deepEqual(noted, []);
  });
});
