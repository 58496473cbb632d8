import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { endpointDraft, factsOf, sampleLane } from "./samples.ts";
import { createEndpoint, type Open, START, setUp } from "./setup.ts";

/** Endpoints of a tenant: held, lagging, failing, paused and deleted while it failed; and one of another. */
async function open(stores: Open, t: TestContext) {
  const setup = await setUp(stores, t);
  const { stores: store, lease, tenant, other } = setup;
  const create = async (of: number) => (await createEndpoint(store, endpointDraft(of))).number;
  const held = await create(tenant.number);
  const lagging = await create(tenant.number);
  const failing = await create(tenant.number);
  const paused = await create(tenant.number);
  const gone = await create(tenant.number);
  const theirs = await create(other.number);
  const change = { tenant: tenant.number, now: START };
  await store.updateEndpoint({ ...change, endpoint: paused, state: "disabled" });
  await store.updateEndpoint({ ...change, endpoint: paused, state: "paused" });
  await store.updateEndpoint({ ...change, endpoint: gone, state: "deleted" });
  const lane = sampleLane({ endpoint: held });
  const hold = { since: START, until: START + 1, reason: "status_503", rounds: 1, requests: 1 };
  await store.flush(
    lease,
    factsOf({
      lanes: [
        { ...lane, hold, batch: undefined },
        { ...lane, endpoint: lagging, hold: undefined, batch: undefined },
      ],
      failing: [failing, gone, theirs].map((endpoint) => ({ endpoint, since: START })),
    }),
  );
  return { ...setup, held, lagging, failing, paused, gone, theirs };
}

export function describeTroubled(stores: Open): void {
  describe("listMarks()", () => {
    test("says of a tenant's endpoints how they are, newest first", async (t) => {
      const { stores: store, tenant, held, lagging, failing, paused } = await open(stores, t);
      const well = { isEnabled: true, isHeld: false, isFailing: false };
      const all = [
        { ...well, number: paused, isEnabled: false },
        { ...well, number: failing, isFailing: true },
        { ...well, number: lagging },
        { ...well, number: held, isHeld: true },
      ];
      assert.deepEqual(await store.listMarks({ tenant: tenant.number, limit: 10 }), all);
      const page = { tenant: tenant.number, before: failing, limit: 1 };
      assert.deepEqual(await store.listMarks(page), [all[2]]);
    });
  });

  describe("listTroubled()", () => {
    test("finds what is held or failing, of every tenant, and what it is given", async (t) => {
      const { stores: store, tenant, other, ...made } = await open(stores, t);
      const { held, lagging, failing, gone, theirs } = made;
      const all = [
        { number: theirs, tenant: other.number },
        { number: failing, tenant: tenant.number },
        { number: held, tenant: tenant.number },
      ];
      assert.deepEqual(await store.listTroubled({ limit: 10, also: [] }), all);
      assert.deepEqual(await store.listTroubled({ before: theirs, limit: 1, also: [] }), [all[1]]);
      const also = [lagging, gone];
      const more = await store.listTroubled({ limit: 10, also });
      assert.deepEqual(
        more.map(({ number }) => number),
        [theirs, failing, lagging, held],
      );
    });
  });
}
