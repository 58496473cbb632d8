import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Attempt } from "../../model/delivery.ts";
import type { AttemptQuery } from "../../reader.ts";
import { storeMixed } from "./reader.ts";
import { factsOf, sampleAttempt } from "./samples.ts";
import { type Open, type Setup, setUp } from "./setup.ts";

/** Pages of attempts at a tenant's events. */
export function describeAttemptPages(open: Open): void {
  describe("listAttempts()", () => {
    interface AttemptSetup extends Setup {
      /** The tenant's, newest first. */
      readonly attempts: readonly Attempt[];
      readonly query: AttemptQuery;
    }
    async function setUpAttempts(t: Parameters<typeof setUp>[1]): Promise<AttemptSetup> {
      const setup = await setUp(open, t);
      const [first, second, third, fourth] = await storeMixed(setup);
      assert.ok(first && second && third && fourth);
      const attempts = [
        sampleAttempt({ offset: fourth.offset, endpoint: 2, verdict: "hold", reason: "r" }),
        sampleAttempt({ offset: third.offset, endpoint: 2, cursor: 1, number: 1 }),
        sampleAttempt({ offset: third.offset, endpoint: 2, cursor: 0, number: 2 }),
        sampleAttempt({
          offset: third.offset,
          endpoint: 2,
          cursor: 0,
          number: 1,
          verdict: "retry",
          reason: "r",
        }),
        sampleAttempt({ offset: third.offset, endpoint: 1 }),
        sampleAttempt({ offset: first.offset, endpoint: 1 }),
      ];
      // Between the second and the third of the tenant's events lies one of the other tenant.
      const foreign = [second.offset + 1, 5].map((offset) => sampleAttempt({ offset, endpoint: 9 }));
      await setup.stores.flush(setup.lease, factsOf({ attempts: [...foreign, ...attempts] }));
      return { ...setup, attempts, query: { tenant: setup.tenant.number, limit: 10, scanMax: 100 } };
    }

    test("lists attempts at a tenant's events, the newest event's newest attempt first", async (t) => {
      const { stores, attempts, query, other } = await setUpAttempts(t);

      const page = await stores.listAttempts(query);
      const theirs = await stores.listAttempts({ ...query, tenant: other.number });

      assert.deepEqual(page, { attempts, next: undefined });
      assert.deepEqual(
        theirs.attempts.map(({ endpoint }) => endpoint),
        [9],
      );
    });

    test("lists what has the endpoint, the event and the verdict", async (t) => {
      const { stores, attempts, query } = await setUpAttempts(t);
      const offset = attempts[1]?.offset ?? 0;

      const of1 = await stores.listAttempts({ ...query, endpoint: 1 });
      const ofEvent = await stores.listAttempts({ ...query, offset });
      const held = await stores.listAttempts({ ...query, verdict: "hold" });
      const all = await stores.listAttempts({ ...query, offset, endpoint: 2, verdict: "retry" });

      assert.deepEqual(of1.attempts, attempts.slice(4));
      assert.deepEqual(ofEvent, { attempts: attempts.slice(1, 5), next: undefined });
      assert.deepEqual(held.attempts, attempts.slice(0, 1));
      assert.deepEqual(all.attempts, attempts.slice(3, 4));
    });

    test("lists no attempt of another tenant's event, whatever is asked (invariant 9)", async (t) => {
      const { stores, attempts, query, other } = await setUpAttempts(t);
      const offset = attempts[1]?.offset ?? 0;

      const page = await stores.listAttempts({ ...query, tenant: other.number, offset, endpoint: 2 });

      assert.deepEqual(page.attempts, []);
    });

    for (const bound of [
      { limit: 1, scanMax: 100 },
      { limit: 4, scanMax: 100 },
      { limit: 10, scanMax: 1 },
      { limit: 2, scanMax: 3 },
    ]) {
      test(`misses nothing in pages of ${bound.limit} from ${bound.scanMax} looked at`, async (t) => {
        const { stores, attempts, query } = await setUpAttempts(t);

        const listed: Attempt[] = [];
        let page = await stores.listAttempts({ ...query, ...bound });
        listed.push(...page.attempts);
        while (page.next !== undefined) {
          page = await stores.listAttempts({ ...query, ...bound, before: page.next });
          assert.ok(page.attempts.length <= bound.limit);
          listed.push(...page.attempts);
        }

        assert.deepEqual(listed, attempts);
      });
    }
  });
}
