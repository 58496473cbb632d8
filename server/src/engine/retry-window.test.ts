import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Retry } from "../model/delivery.ts";
import type { RetryPlace } from "../store.ts";
import { createRetryWindow } from "./retry-window.ts";

const FAR = Number.MAX_SAFE_INTEGER;

function retryAt(offset: number, dueAt: number, endpoint = 1): Retry {
  return { endpoint, cursor: 0, offset, requests: 1, used: 1, dueAt, reason: "status_500" };
}

function compare(a: RetryPlace, b: RetryPlace): number {
  return a.dueAt - b.dueAt || a.endpoint - b.endpoint || a.offset - b.offset;
}

/** The table `retry`, as the window's owner keeps it, with a page that can be held back on its way. */
function setup(sizeMax: number, stored: readonly Retry[] = []) {
  const window = createRetryWindow(sizeMax);
  const table = new Map(stored.map((retry) => [`${retry.endpoint}/${retry.offset}`, retry]));
  // Taken out of the window and not settled yet.
  const out = new Set<string>();
  let loading: { readonly finish: () => Promise<void> } | undefined;

  function page(after: RetryPlace | undefined, limit: number): readonly Retry[] {
    const rows = [...table.values()].toSorted(compare);
    return rows.filter((row) => after === undefined || compare(row, after) > 0).slice(0, limit);
  }

  return {
    window,
    table,
    put(retry: Retry) {
      table.set(`${retry.endpoint}/${retry.offset}`, retry);
      out.delete(`${retry.endpoint}/${retry.offset}`);
      window.add(retry);
    },
    remove(key: { readonly endpoint: number; readonly offset: number }) {
      table.delete(`${key.endpoint}/${key.offset}`);
      out.delete(`${key.endpoint}/${key.offset}`);
      window.remove({ ...key, cursor: 0 });
    },
    removeEndpoint(endpoint: number, to: number) {
      for (const [key, retry] of table) {
        if (retry.endpoint === endpoint && retry.offset <= to) {
          table.delete(key);
          out.delete(key);
        }
      }
      window.removeWhere(endpoint, ({ offset }) => offset <= to);
    },
    /** Begins to read a page: what it holds is decided now, it arrives with `finishLoad`. */
    startLoad() {
      if (loading !== undefined || !window.wantsMore()) {
        return;
      }
      const { promise, resolve } = Promise.withResolvers<readonly Retry[]>();
      let read: readonly Retry[] = [];
      const done = window.load((after, limit) => {
        read = page(after, limit);
        return promise;
      });
      loading = {
        async finish() {
          resolve(read);
          await done;
        },
      };
    },
    async finishLoad() {
      const running = loading;
      loading = undefined;
      await running?.finish();
    },
    take(now: number): readonly Retry[] {
      const taken = window.takeDue(now).filter((retry) => window.claim(retry));
      const fresh = taken.filter(({ endpoint, offset }) => !out.has(`${endpoint}/${offset}`));
      fresh.forEach(({ endpoint, offset }) => out.add(`${endpoint}/${offset}`));
      return fresh;
    },
    /** What the window still owes: stored, and not taken out. */
    owed: () => [...table].filter(([key]) => !out.has(key)).map(([, retry]) => retry),
  };
}

type Step =
  | { readonly kind: "put"; readonly offset: number; readonly endpoint: number; readonly delayMs: number }
  | { readonly kind: "remove"; readonly offset: number; readonly endpoint: number }
  | { readonly kind: "removeEndpoint"; readonly to: number; readonly endpoint: number }
  | { readonly kind: "startLoad" | "finishLoad" | "take" };

const offset = fc.integer({ min: 1, max: 12 });
const endpoint = fc.integer({ min: 1, max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("put" as const), offset, endpoint, delayMs: fc.nat(30) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("remove" as const), offset, endpoint }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("removeEndpoint" as const), to: offset, endpoint }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom("startLoad" as const, "finishLoad", "take") }) },
);

describe("createRetryWindow()", () => {
  test("gives every stored retry once, whatever changes while pages are read", async () => {
    const before = fc.array(fc.tuple(offset, fc.nat(40)), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        before,
        fc.array(step),
        async (sizeMax, rows, steps) => {
          const it = setup(
            sizeMax,
            rows.map(([place, dueAt]) => retryAt(place, dueAt)),
          );
          let now = 0;
          for (const one of steps) {
            now += 1;
            if (one.kind === "put") {
              it.put(retryAt(one.offset, now + one.delayMs, one.endpoint));
            } else if (one.kind === "remove") {
              it.remove(one);
            } else if (one.kind === "removeEndpoint") {
              it.removeEndpoint(one.endpoint, one.to);
            } else if (one.kind === "take") {
              it.take(now).forEach((retry) =>
                assert.equal(it.table.get(`${retry.endpoint}/${retry.offset}`), retry),
              );
            } else {
              await it[one.kind]();
            }
          }
          await it.finishLoad();
          const owed = it.owed();
          const taken: Retry[] = [];
          for (let round = 0; round < 50; round += 1) {
            it.startLoad();
            await it.finishLoad();
            taken.push(...it.take(FAR));
          }
          assert.deepEqual(taken.toSorted(compare), owed.toSorted(compare));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("takeDue() gives retries in the order they are due, and none before its time", async () => {
    const it = setup(10, [retryAt(1, 30), retryAt(2, 10), retryAt(3, 20)]);
    it.startLoad();
    await it.finishLoad();

    assert.deepEqual(it.take(9), []);
    assert.equal(it.window.nextDueAt(), 10);
    assert.deepEqual(it.take(20), [retryAt(2, 10), retryAt(3, 20)]);
    assert.equal(it.window.nextDueAt(), 30);
  });

  test("claim() says no to a retry that was removed between due and sent", async () => {
    const it = setup(10, [retryAt(1, 10)]);
    it.startLoad();
    await it.finishLoad();
    const [due] = it.window.takeDue(10);
    assert.ok(due);
    it.window.remove(due);

    assert.equal(it.window.claim(due), false);
  });

  test("add() keeps at most twice the window in memory, and finds the rest again", async () => {
    const it = setup(4);
    it.startLoad();
    await it.finishLoad();
    for (let place = 1; place <= 50; place += 1) {
      it.put(retryAt(place, 1000 - place));
    }

    assert.equal(it.window.wantsMore(), false);
    assert.ok(it.take(FAR).length <= 8);
    assert.equal(it.window.wantsMore(), true);
  });
});
