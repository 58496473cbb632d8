import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { timeOfOffset } from "../../model/offset.ts";
import { setUpReplays } from "./replays.ts";
import { forgetAll, LATER } from "./retention.ts";
import { factsOf, sampleReplay, sampleRetry } from "./samples.ts";
import { type Open, START, setUp } from "./setup.ts";

const LATER_AT = timeOfOffset(LATER);
const PROGRESS = { position: 10, lookedAt: 0, chosen: 0, passedOver: 0, delivered: 0, failed: 0 };

/** Replays that ended so long ago that nobody asks for them any more. */
export function describeEndedReplays(open: Open): void {
  describe("forgetLog() of replays of ranges", () => {
    async function setUpEnding(...[ports, t]: Parameters<typeof setUpReplays>) {
      const setup = await setUpReplays(ports, t);
      const { stores, lease, tenant, endpoint } = setup;
      const end = async (ends: readonly { replay: number; at: number }[], checkpoint = LATER) => {
        const replaying = ends.map(({ replay, at }) => ({
          replay,
          endpoint,
          progress: PROGRESS,
          ended: { how: "cancelled", reason: "by_request", at } as const,
        }));
        await stores.flush(lease, factsOf({ checkpoint, replaying }));
      };
      const page = { tenant: tenant.number, endpoint, isOpen: false, before: undefined, limit: 9 };
      const kept = async () => (await stores.listReplays(page)).map(({ number }) => number);
      return { ...setup, end, kept };
    }

    test("goes by when they ended, not by what they replayed, and leaves open ones", async (t) => {
      const { stores, tenant, request, end, kept } = await setUpEnding(open, t);
      const { number: unended } = await request();
      const { number: late } = await request();
      const { number: old } = await request();
      await end([
        { replay: late, at: LATER_AT },
        { replay: old, at: LATER_AT - 1 },
      ]);

      await forgetAll(stores, LATER - 1);

      assert.deepEqual(await kept(), [late, unended]);
      assert.equal(await stores.findReplay(tenant.number, old), undefined);
    });

    test("goes no further than the checkpoint, nor than a step", async (t) => {
      const { stores, request, end, kept } = await setUpEnding(open, t);
      const [first, second, third] = [await request(), await request(), await request()];
      await end(
        [
          { replay: first.number, at: START },
          { replay: second.number, at: START },
          { replay: third.number, at: LATER_AT },
        ],
        LATER - 1,
      );

      assert.ok((await stores.forgetLog(Number.MAX_SAFE_INTEGER, 1)) <= 1);
      assert.ok((await kept()).length >= 2);
      await forgetAll(stores, Number.MAX_SAFE_INTEGER);

      assert.deepEqual(await kept(), [third.number]);
    });

    test("gives no number again", async (t) => {
      const { stores, reopen, request, wanted, end, kept } = await setUpEnding(open, t);
      const { number: first } = await request();
      const { number: second } = await request();
      await end([
        { replay: first, at: START },
        { replay: second, at: START },
      ]);
      await forgetAll(stores, LATER - 1);
      assert.deepEqual(await kept(), []);

      const { number: third } = await request();
      assert.ok(third > second, `${third} is given after ${second}`);
      await end([{ replay: third, at: START }]);
      await forgetAll(stores, LATER - 1);

      const next = await (await reopen()).requestReplay(wanted);
      assert.ok(next !== undefined && next.number > third, `${next?.number} is given after ${third}`);
    });
  });

  describe("forgetLog() of replays of one delivery", () => {
    test("leaves those that wait, that are new, and the greatest number", async (t) => {
      const { stores, lease } = await setUp(open, t);
      const asked = [START, START, LATER_AT, LATER_AT - 1, START].map((createdAt, index) =>
        sampleReplay({ number: index + 1, createdAt }),
      );
      const waiting = sampleRetry({ cursor: 1, offset: LATER });
      await stores.flush(lease, factsOf({ checkpoint: LATER }));
      await forgetAll(stores, LATER - 1);
      await stores.flush(lease, factsOf({ checkpoint: LATER, replays: asked, retries: [waiting] }));

      assert.equal(await forgetAll(stores, LATER - 1), 2);

      // A change ends what waits by when it was asked for.
      const end = { endpoint: 1, from: LATER, to: LATER, replaysBefore: 1, reason: "cancelled" } as const;
      await stores.flush(lease, factsOf({ checkpoint: LATER, abandoned: [{ ...end, at: START }] }));
      assert.deepEqual(await stores.readRetries(0, undefined, 9), []);
      assert.equal((await stores.takeLease(0)).replays, 5);
    });
  });
}
