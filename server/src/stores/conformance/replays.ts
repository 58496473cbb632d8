import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { RANGE_REPLAYS_FROM, type RangeReplay, type ReplayRequest } from "../../model/range-replay.ts";
import { endpointDraft, factsOf, sampleRetry, storeEvents } from "./samples.ts";
import { createEndpoint, type Open, START, setUp } from "./setup.ts";

const PROGRESS = { position: 10, lookedAt: 9, chosen: 8, passedOver: 1, delivered: 4, failed: 3 };
const END = { how: "finished", reason: undefined, at: START } as const;

/** A tenant with an endpoint and an event, and what a replay of it asks for. */
export async function setUpReplays(open: Open, t: Parameters<typeof setUp>[1]) {
  const setup = await setUp(open, t);
  const { stores, tenant, other } = setup;
  const { number: endpoint } = await createEndpoint(stores, endpointDraft(tenant.number));
  const { number: theirs } = await createEndpoint(stores, endpointDraft(other.number));
  await storeEvents(stores, tenant.number, [{}]);
  const wanted: ReplayRequest = {
    tenant: tenant.number,
    source: endpoint,
    endpoint,
    from: 5,
    to: Number.MAX_SAFE_INTEGER,
    only: "undelivered",
    types: ["client.*", "a"],
    ratePerSecond: 2.5,
    createdAt: START,
  };
  const request = async (change: Partial<ReplayRequest> = {}): Promise<RangeReplay> => {
    const replay = await stores.requestReplay({ ...wanted, ...change });
    assert.ok(replay);
    return replay;
  };
  const { head, changes } = await stores.readHead(0);
  return { ...setup, endpoint, theirs, wanted, request, head, changes };
}

/** Replays of ranges: what the API writes down, and what the lease's owner says of it. */
export function describeReplays(open: Open): void {
  describe("requestReplay()", () => {
    test("writes down what was asked, up to the head, under a number of its own", async (t) => {
      const { stores, request, wanted, head, changes } = await setUpReplays(open, t);
      const replay = await request();

      const { number, ...stored } = replay;
      assert.deepEqual(stored, {
        ...wanted,
        to: head,
        changes,
        wish: "run",
        progress: { position: 4, lookedAt: 0, chosen: 0, passedOver: 0, delivered: 0, failed: 0 },
        ended: undefined,
      });
      assert.ok(number >= RANGE_REPLAYS_FROM);
      assert.deepEqual(await stores.findReplay(wanted.tenant, number), replay);
      const all = await request({ types: undefined, ratePerSecond: undefined, to: 7, only: "all" });
      assert.ok(all.number > number);
      assert.deepEqual([all.types, all.ratePerSecond, all.to], [undefined, undefined, 7]);
      assert.equal((await request({ from: head + 1 })).to, head + 1);
    });

    test("writes nothing for a tenant that is deleted", async (t) => {
      const { stores, tenant, wanted } = await setUpReplays(open, t);
      await stores.deleteTenant(tenant.number, START);
      assert.equal(await stores.requestReplay(wanted), undefined);
    });
  });

  describe("steerReplay()", () => {
    test("writes down what is wanted, until it is to be cancelled, and for its tenant alone", async (t) => {
      const { stores, tenant, other, request } = await setUpReplays(open, t);
      const { number: replay } = await request();
      const steer = async (wish: RangeReplay["wish"]) =>
        (await stores.steerReplay({ tenant: tenant.number, replay, wish }))?.wish;

      assert.deepEqual(
        [await steer("pause"), await steer("run"), await steer("cancel"), await steer("run")],
        ["pause", "run", "cancel", "cancel"],
      );
      assert.equal(await stores.steerReplay({ tenant: other.number, replay, wish: "run" }), undefined);
      assert.equal(await stores.findReplay(other.number, replay), undefined);
    });
  });

  describe("listReplays()", () => {
    test("has a tenant's, newest first, by endpoint and whether they are open", async (t) => {
      const { stores, lease, tenant, other, theirs, endpoint, request } = await setUpReplays(open, t);
      const replays = [await request(), await request(), await request()];
      await request({ tenant: other.number, endpoint: theirs, source: theirs });
      const [oldest, middle, newest] = replays.map(({ number }) => number);
      await stores.flush(
        lease,
        factsOf({ replaying: [{ replay: middle ?? 0, endpoint, progress: PROGRESS, ended: END }] }),
      );
      const page = { tenant: tenant.number, endpoint: undefined, isOpen: false, before: undefined, limit: 9 };
      const list = async (
        change: Partial<typeof page> | { endpoint: number } | { before: number | undefined },
      ) => (await stores.listReplays({ ...page, ...change })).map(({ number }) => number);

      assert.deepEqual(await list({}), [newest, middle, oldest]);
      assert.deepEqual(await list({ isOpen: true }), [newest, oldest]);
      assert.deepEqual(await list({ before: newest, limit: 1 }), [middle]);
      assert.deepEqual(await list({ endpoint: theirs }), []);
    });
  });

  describe("flush() of a replay's step", () => {
    test("says how far it has come, and is read with what waits of it", async (t) => {
      const { stores, lease, endpoint, request } = await setUpReplays(open, t);
      const replay = await request();
      const cursor = replay.number;
      const retries = [
        sampleRetry({ endpoint, cursor, offset: 6 }),
        sampleRetry({ endpoint, cursor, offset: 7 }),
        sampleRetry({ endpoint, offset: 6 }),
      ];
      const step = { replay: cursor, endpoint, progress: PROGRESS, ended: undefined };
      await stores.flush(lease, factsOf({ retries, replaying: [step] }));

      assert.deepEqual(await stores.readReplays(0), [{ ...replay, progress: PROGRESS, waiting: 2 }]);
    });

    test("that ends it takes what waits of it, and is the last", async (t) => {
      const { stores, lease, tenant, endpoint, request } = await setUpReplays(open, t);
      const { number: cursor, ...replay } = await request();
      const live = sampleRetry({ endpoint, offset: 6 });
      const retries = [sampleRetry({ endpoint, cursor, offset: 6 }), live];
      const step = { replay: cursor, endpoint, progress: PROGRESS, ended: END };
      await stores.flush(lease, factsOf({ retries, replaying: [step] }));
      await stores.flush(
        lease,
        factsOf({ replaying: [{ ...step, progress: { ...PROGRESS, delivered: 99 }, ended: undefined }] }),
      );

      assert.deepEqual(await stores.readReplays(0), []);
      assert.deepEqual(await stores.readRetries(0, undefined, 9), [live]);
      assert.deepEqual(await stores.findReplay(tenant.number, cursor), {
        ...replay,
        number: cursor,
        progress: PROGRESS,
        ended: END,
      });
      const steered = await stores.steerReplay({ tenant: tenant.number, replay: cursor, wish: "pause" });
      assert.equal(steered?.wish, "run");
    });
  });
}
