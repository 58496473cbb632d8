import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LiveFact } from "../live.ts";
import { createLiveHub } from "../live-hub.ts";
import type { RelayedFacts } from "../sharing.ts";
import { createLiveRelay } from "./live-relay.ts";

const lane = (endpoint: number, tenant = 1): LiveFact => ({
  tenant: { number: tenant, id: `tenant-${tenant}`, shard: 0 },
  kind: "lane",
  endpoint,
  hold: undefined,
});

/** A node, what it asks the store for, and what others have told. */
function setup() {
  let now = 0;
  let rings: (() => void)[] = [];
  const clock = {
    now: () => now,
    monotonic: () => now,
    after: (delayMs: number, ring: () => void) => {
      // What the hub waits for is of no interest here.
      rings.push(...(delayMs < 1000 ? [ring] : []));
      return { cancel: () => undefined };
    },
  };
  const asked: (readonly number[])[] = [];
  const put: { readonly facts: readonly LiveFact[]; readonly leftOut: number }[] = [];
  let reads = 0;
  const others: RelayedFacts[] = [];
  const failures: Error[] = [];
  const failed: unknown[] = [];
  const hub = createLiveHub({ clock, random: { bytes: (count) => new Uint8Array(count) } });
  const relay = createLiveRelay({
    hub,
    clock,
    onFailed: (error) => failed.push(error),
    sharing: {
      watch: async (tenants) => void asked.push(tenants),
      async putLive({ facts, leftOut }) {
        for (const failure of failures.splice(0)) {
          throw failure;
        }
        put.push({ facts: JSON.parse(facts), leftOut });
      },
      async readLive(seen) {
        reads += 1;
        return others.filter(({ number }) => !seen.includes(number));
      },
    },
  });
  relay.start();
  const told: number[] = [];
  const watch = (tenant: number | undefined) =>
    hub.watch({
      filter: { tenant, kinds: undefined, types: undefined, states: undefined, endpoint: undefined },
      take: (facts) => told.push(...facts.map(({ fact }) => (fact.kind === "lane" ? fact.endpoint : 0))),
      leftOut: () => undefined,
    });
  async function pass(ms: number): Promise<void> {
    now += ms;
    const due = rings;
    rings = [];
    due.forEach((ring) => ring());
    await new Promise(setImmediate);
  }
  return { relay, hub, asked, put, others, failures, failed, told, watch, pass, reads: () => reads };
}

describe("createLiveRelay()", () => {
  test("asks the store for nothing while nobody watches, here or elsewhere", async () => {
    const { relay, asked, put, pass, reads } = setup();
    relay.tell([lane(1)]);
    relay.leaveOut(1);
    await pass(250);
    await pass(250);
    assert.equal(relay.isWatched, false);
    assert.deepEqual([asked, put, reads()], [[], [], 0]);
  });

  test("hands on what others watch, so much at once, and counts the rest", async () => {
    const { relay, put, pass, hub } = setup();
    relay.note({ watched: [1] });
    assert.equal(relay.isWatched, true);
    relay.tell([lane(1), lane(2, 2), ...Array.from({ length: 300 }, (_, n) => lane(n + 10))]);
    await pass(250);
    assert.deepEqual([put[0]?.facts.length, put[0]?.leftOut], [250, 51]);
    assert.deepEqual(put[0]?.facts[0], JSON.parse(JSON.stringify(lane(1))));
    relay.note({ watched: [0] });
    relay.tell([lane(2, 2)]);
    await pass(250);
    assert.equal(put[1]?.facts.length, 1);
    relay.note({ watched: [] });
    relay.tell([lane(3)]);
    await pass(250);
    assert.equal(put.length, 2);
    assert.equal(hub.isWatched, false);
  });

  test("counts what the store did not take as left out", async () => {
    const { relay, put, failures, failed, pass } = setup();
    const failure = new Error("no connection");
    failures.push(failure);
    relay.note({ watched: [0] });
    relay.tell([lane(1), lane(2)]);
    relay.leaveOut(3);
    await pass(250);
    relay.tell([lane(4)]);
    await pass(250);
    assert.deepEqual(failed, [failure]);
    assert.deepEqual(put, [{ facts: [lane(4)].map((fact) => JSON.parse(JSON.stringify(fact))), leftOut: 5 }]);
  });

  test("asks for what is watched here, reads it once, and hands nothing of it on", async () => {
    const { relay, asked, put, others, told, watch, pass } = setup();
    relay.note({ watched: [0] });
    watch(7);
    others.push({ number: 5, facts: JSON.stringify([lane(1, 7), lane(2, 8)]), leftOut: 0 });
    await pass(250);
    // It was stored before, and could be read only later.
    others.push({ number: 4, facts: JSON.stringify([lane(3, 7)]), leftOut: 0 });
    await pass(250);
    assert.deepEqual(told, [1, 3]);
    assert.deepEqual(asked, [[7]]);
    watch(undefined);
    await pass(250);
    assert.deepEqual(asked, [[7], [0]]);
    await pass(4000);
    assert.equal(asked.length, 3);
    assert.deepEqual(put, []);
  });
});
