import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LiveFact } from "./live.ts";
import { createLiveHub, type LiveFilter, type NumberedFact } from "./live-hub.ts";

const ALL: LiveFilter = {
  tenant: undefined,
  kinds: undefined,
  types: undefined,
  states: undefined,
  endpoint: undefined,
};

const TENANT = { number: 1, id: "acme", shard: 0 };

const delivery = (offset: number, type = "a.b", tenant = TENANT): LiveFact => ({
  tenant,
  kind: "delivery",
  type,
  delivery: { endpoint: 7, offset, state: "dead", reason: "status_500", dueAt: undefined },
});

const lane = (endpoint: number): LiveFact => ({ tenant: TENANT, kind: "lane", endpoint, hold: undefined });

function setup() {
  const waits = new Set<() => void>();
  const clock = {
    now: () => 0,
    monotonic: () => 0,
    after: (_delayMs: number, ring: () => void) => {
      waits.add(ring);
      return { cancel: () => void waits.delete(ring) };
    },
  };
  const hub = createLiveHub({ clock, random: { bytes: (count) => new Uint8Array(count) } });
  const watch = (filter: Partial<LiveFilter> = {}, after?: { life: string; number: number }) => {
    const taken: NumberedFact[] = [];
    let leftOut = 0;
    const watcher = {
      filter: { ...ALL, ...filter },
      take: (facts: readonly NumberedFact[]) => void taken.push(...facts),
      leftOut: (count: number) => {
        leftOut += count;
      },
    };
    return { ...hub.watch(watcher, after), taken, leftOut: () => leftOut };
  };
  const ringAll = () => {
    for (const ring of waits) {
      waits.delete(ring);
      ring();
    }
  };
  return { hub, watch, waits, ringAll };
}

describe("createLiveHub()", () => {
  it("is watched from the first watcher until a while after the last", () => {
    const { hub, watch, ringAll } = setup();
    assert.equal(hub.isWatched, false);
    const first = watch();
    const second = watch();
    first.end();
    ringAll();
    assert.equal(hub.isWatched, true);
    second.end();
    assert.equal(hub.isWatched, true);
    ringAll();
    assert.equal(hub.isWatched, false);
  });

  it("keeps no process waiting for who may come back, once it is stopped", () => {
    const { hub, watch, waits } = setup();
    watch().end();
    assert.equal(waits.size, 1);
    hub.stop();
    assert.equal(waits.size, 0);
  });

  it("goes on being watched where somebody came back meanwhile", () => {
    const { hub, watch, ringAll } = setup();
    watch().end();
    const again = watch();
    ringAll();
    assert.equal(hub.isWatched, true);
    again.end();
  });

  it("gives each watcher what its filter lets through", () => {
    const { hub, watch } = setup();
    const other = { number: 2, id: "globex", shard: 1 };
    const facts = [delivery(1), delivery(2, "c.d"), delivery(3, "a.b", other), lane(7), lane(8)];
    const filters: readonly (readonly [Partial<LiveFilter>, readonly number[]])[] = [
      [{}, [0, 1, 2, 3, 4]],
      [{ tenant: 1 }, [0, 1, 3, 4]],
      [{ types: ["a.*"] }, [0, 2]],
      [{ kinds: ["lane"] }, [3, 4]],
      [{ endpoint: 7 }, [0, 1, 2, 3]],
      [{ states: ["dead"] }, [0, 1, 2]],
      [{ states: ["delivered"] }, []],
      [{ tenant: 1, kinds: ["delivery"], types: ["c.d"], states: ["dead"], endpoint: 7 }, [1]],
    ];
    const watchers = filters.map(([filter, expected]) => ({ expected, ...watch(filter) }));
    hub.tell(facts);
    for (const { expected, taken } of watchers) {
      assert.deepEqual(
        taken.map(({ fact }) => facts.indexOf(fact)),
        expected,
      );
    }
  });

  it("goes on after a place that it knows, and says that something was missed after others", () => {
    const { hub, watch } = setup();
    const first = watch();
    hub.tell([delivery(1), delivery(2), delivery(3)]);
    const { life } = first.place;
    const again = watch({ kinds: ["delivery"] }, { life, number: 1 });
    assert.equal(again.hasMissed, false);
    assert.deepEqual(
      again.since.map(({ number }) => number),
      [2, 3],
    );
    assert.equal(watch({}, { life, number: 3 }).hasMissed, false);
    assert.equal(watch({}, { life, number: 4 }).hasMissed, true);
    assert.equal(watch({}, { life: "another", number: 1 }).hasMissed, true);
  });

  it("keeps the newest thousand, and says that something was missed before them", () => {
    const { hub, watch } = setup();
    const { place } = watch();
    hub.tell(Array.from({ length: 1500 }, (_, offset) => delivery(offset)));
    hub.tell([delivery(9999)]);
    const after = (number: number) => watch({}, { life: place.life, number });
    assert.equal(after(501).hasMissed, false);
    assert.equal(after(501).since.length, 1000);
    assert.equal(after(500).hasMissed, true);
  });

  it("keeps no more than that, however much is told at once", () => {
    const { hub, watch } = setup();
    const { place } = watch();
    const many = Array.from({ length: 1000 }, (_, offset) => delivery(offset));
    hub.tell(many);
    hub.tell(many);
    const again = watch({}, { ...place, number: 500 });
    assert.equal(again.hasMissed, true);
    assert.equal(again.since.length, 1000);
  });

  it("says that something was missed to whoever comes back when it had stopped", () => {
    const { hub, watch, ringAll } = setup();
    const first = watch();
    hub.tell([delivery(1)]);
    first.end();
    ringAll();
    const again = watch({}, { life: first.place.life, number: 1 });
    assert.equal(again.hasMissed, true);
    assert.deepEqual(again.since, []);
  });

  it("says that something was missed to whoever was away while something was left out", () => {
    const { hub, watch } = setup();
    const { place } = watch();
    hub.tell([delivery(1)]);
    hub.leaveOut(3);
    hub.tell([delivery(2)]);
    const again = watch({}, { life: place.life, number: 1 });
    assert.equal(again.hasMissed, true);
    assert.deepEqual(
      again.since.map(({ number }) => number),
      [5],
    );
    assert.equal(watch({}, { life: place.life, number: 4 }).hasMissed, false);
  });

  it("tells everyone how much was left out", () => {
    const { hub, watch } = setup();
    const one = watch({ types: ["never"] });
    hub.leaveOut(3);
    assert.equal(one.leftOut(), 3);
  });
});
