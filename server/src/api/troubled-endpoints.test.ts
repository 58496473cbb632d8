import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LaneView } from "../engine/engine.ts";
import { makeEndpoint, makeKey, type Setup, START, setUpApp } from "./app-setup.test.ts";

const STOPPED: LaneView = {
  waiting: 1,
  retries: 0,
  behindAfter: undefined,
  inFlight: 0,
  needsAttention: true,
  heldSince: undefined,
  reason: "internal_fault",
  nextProbeAt: undefined,
};

/** Endpoints of acme that are held, failing, stopped, paused, disabled and well; and one of globex. */
async function setup() {
  const made = await setUpApp();
  const { ids } = made.ports;
  const ofTenant = async (tenant: string) => {
    const { id } = await makeEndpoint(made, tenant);
    return { id, number: ids.endpointNumberOf(id) ?? 0 };
  };
  const [held, failing, stopped, paused, disabled, well] = [
    await ofTenant("acme"),
    await ofTenant("acme"),
    await ofTenant("acme"),
    await ofTenant("acme"),
    await ofTenant("acme"),
    await ofTenant("acme"),
  ];
  const theirs = await ofTenant("globex");
  const hold = { since: START, until: START + 1000, reason: "status_503", rounds: 1, requests: 1 };
  await made.flush({
    lanes: [
      { endpoint: held.number, position: 1, hold, batch: undefined },
      { endpoint: well.number, position: 1, hold: undefined, batch: undefined },
    ],
    failing: [
      { endpoint: failing.number, since: START },
      { endpoint: theirs.number, since: START },
    ],
  });
  made.engine.lanes.set(stopped.number, STOPPED);
  await made.call("POST", `/v1/tenants/acme/endpoints/${paused.id}/pause`);
  await made.call("POST", `/v1/tenants/acme/endpoints/${disabled.id}/disable`);
  return { ...made, held, failing, stopped, paused, disabled, theirs };
}

/** The ids of all pages. */
async function walk({ call }: Pick<Setup, "call">, path: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const next: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const { status, body } = await call("GET", `${path}${next}`);
    assert.equal(status, 200);
    ids.push(...body.data.map(({ id }: { id: string }) => id));
    cursor = body.next_cursor;
  }
  return ids;
}

describe("findTroubled()", () => {
  test("finds every endpoint of a tenant that needs somebody, and no other, whatever the pages", async () => {
    const made = await setup();
    const { held, failing, stopped, paused, disabled } = made;
    const wanted = [disabled, paused, stopped, failing, held].map(({ id }) => id);
    for (const limit of [1, 2, 100]) {
      const path = `/v1/tenants/acme/endpoints?only=troubled&limit=${limit}`;
      assert.deepEqual(await walk(made, path), wanted);
    }
    const { body } = await made.call("GET", "/v1/tenants/acme/endpoints?only=troubled&include=lane&limit=1");
    assert.equal(body.data[0].state, "disabled");
    assert.equal(body.data[0].missed, 0);
  });

  test("takes no cursor of another list", async () => {
    const { call } = await setup();
    const { body } = await call("GET", "/v1/tenants/acme/endpoints?limit=1");
    const path = `/v1/tenants/acme/endpoints?only=troubled&cursor=${body.next_cursor}`;
    assert.equal((await call("GET", path)).status, 422);
  });
});

describe("findTroubledOfAll()", () => {
  test("finds what is held, failing or stopped, of all tenants, each with whose it is", async () => {
    const made = await setup();
    const { held, failing, stopped, theirs } = made;
    const wanted = [theirs, stopped, failing, held].map(({ id }) => id);
    for (const limit of [1, 3, 100]) {
      assert.deepEqual(await walk(made, `/v1/endpoints/troubled?limit=${limit}`), wanted);
    }
    const { body } = await made.call("GET", "/v1/endpoints/troubled");
    assert.deepEqual(
      body.data.map(({ tenant }: { tenant: string }) => tenant),
      ["globex", "acme", "acme", "acme"],
    );
    assert.equal(body.data[1].lane.needs_attention, true);
    assert.equal(body.data[3].lane.held_since, new Date(START).toISOString());
  });

  test("is for admins", async () => {
    const made = await setup();
    const key = await makeKey(made, "acme");
    assert.equal((await made.call("GET", "/v1/endpoints/troubled", { key })).status, 403);
  });
});
