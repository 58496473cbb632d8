import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DeadQuery, Reader } from "../../reader.ts";
import { factsOf, sampleDeadLetter, storeEvents } from "./samples.ts";
import { type Open, type Setup, setUp } from "./setup.ts";

/** Dead letters as lists have them: the events that have one, newest first. */
export function describeDeadLetters(open: Open): void {
  describe("listDead()", () => {
    test("lists a tenant's events that have a dead letter, newest first and each once", async (t) => {
      const setup = await setUp(open, t);
      const { mine, theirs } = await storeDead(setup);
      const bounds = { limit: 10, scanMax: 100 };

      const page = await setup.stores.listDead({ tenant: setup.tenant.number, ...bounds });
      const others = await setup.stores.listDead({ tenant: setup.other.number, ...bounds });

      assert.deepEqual(page.next, undefined);
      assert.deepEqual(
        page.events.map(({ offset }) => offset),
        [mine[3], mine[2], mine[0]],
      );
      assert.deepEqual(
        others.events.map(({ offset }) => offset),
        theirs,
      );
      assert.deepEqual([page.events[0]?.type, page.events[0]?.dataBytes], ["client.updated", 8]);
    });

    test("lists those of one endpoint, from an offset on, below another", async (t) => {
      const setup = await setUp(open, t);
      const { mine } = await storeDead(setup);
      const query = { tenant: setup.tenant.number, limit: 10, scanMax: 100 };
      const offsetsOf = async (change: Partial<DeadQuery>) =>
        (await setup.stores.listDead({ ...query, ...change })).events.map(({ offset }) => offset);

      assert.deepEqual(await offsetsOf({ endpoint: 2 }), [mine[2]]);
      assert.deepEqual(await offsetsOf({ endpoint: 9 }), []);
      assert.deepEqual(await offsetsOf({ from: mine[2] ?? 0 }), [mine[3], mine[2]]);
      assert.deepEqual(await offsetsOf({ before: mine[2] ?? 0 }), [mine[0]]);
      assert.deepEqual(await offsetsOf({ endpoint: 1, before: mine[3] ?? 0 }), [mine[2], mine[0]]);
    });

    for (const bound of [
      { limit: 1, scanMax: 100 },
      { limit: 10, scanMax: 1 },
      { limit: 2, scanMax: 3 },
    ]) {
      test(`misses none in pages of ${bound.limit} from ${bound.scanMax} looked at`, async (t) => {
        const setup = await setUp(open, t);
        const { mine } = await storeDead(setup);

        const found = await listInPages(setup.stores, { tenant: setup.tenant.number, ...bound });

        assert.deepEqual(found, [mine[3], mine[2], mine[0]]);
      });
    }
  });
}

/** Stores four events, of which the second is not dead; the third is for two endpoints, and by a replay. */
async function storeDead({ stores, tenant, other, lease }: Setup) {
  const offsets = async (number: number, count: number) =>
    (
      await storeEvents(
        stores,
        number,
        Array.from({ length: count }, () => ({})),
      )
    ).map(({ offset }) => offset);
  const first = await offsets(tenant.number, 2);
  const theirs = await offsets(other.number, 1);
  const mine = [...first, ...(await offsets(tenant.number, 2))];
  const dead = (place: number, endpoint: number, cursor = 0) =>
    sampleDeadLetter({ offset: mine[place] ?? 0, endpoint, cursor });
  const ofOthers = theirs.map((offset) => sampleDeadLetter({ offset, endpoint: 3 }));
  const deadLetters = [dead(0, 1), dead(2, 1), dead(2, 2), dead(2, 1, 5), dead(3, 1), ...ofOthers];
  await stores.flush(lease, factsOf({ deadLetters }));
  return { mine, theirs };
}

async function listInPages(reader: Reader, query: DeadQuery): Promise<readonly number[]> {
  const found: number[] = [];
  for (let before: number | undefined = Number.MAX_SAFE_INTEGER; before !== undefined; ) {
    const page = await reader.listDead({ ...query, before });
    assert.ok(page.next === undefined || page.next < before, "every page gets on");
    assert.ok(page.events.length <= query.limit);
    found.push(...page.events.map(({ offset }) => offset));
    before = page.next;
  }
  return found;
}
