import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LIVE } from "../model/delivery.ts";
import { createApp } from "./app.ts";
import { ADMIN_KEY, makeEndpoint, postEvent, type Setup, setUpApp } from "./app-setup.test.ts";

const LIST = "/v1/tenants/acme/endpoints";

async function numberOf({ ports }: Setup, id: string): Promise<number> {
  const number = ports.ids.endpointNumberOf(id);
  assert.ok(number);
  return number;
}

describe("an endpoint's lane", () => {
  async function withLane() {
    const setup = await setUpApp();
    const { id } = await makeEndpoint(setup, "acme", { event_types: ["wanted.*"] });
    const endpoint = await numberOf(setup, id);
    const lane = async () => (await setup.call("GET", `${LIST}/${id}`)).body.lane;
    return { ...setup, endpoint, lane };
  }

  test("the engine's view, its retries and the events beyond it are added up", async () => {
    const setup = await withLane();
    const { engine, endpoint, lane, flush } = setup;
    const first = await postEvent(setup, "acme", { type: "wanted.a" });
    for (const type of ["wanted.b", "other", "wanted.c"]) {
      await postEvent(setup, "acme", { type });
    }
    const offset = setup.ports.ids.eventPlaceOf(first.id)?.offset ?? 0;
    const retry = { endpoint, cursor: LIVE, offset, requests: 1, used: 1, dueAt: 0, reason: "status_500" };
    await flush({ retries: [retry] });
    const seen = { waiting: 7, inFlight: 1, heldSince: setup.clock.at - 1000, reason: "status_503" };
    const fate = { needsAttention: true, behindAfter: offset, nextProbeAt: setup.clock.at + 1000 };
    engine.lanes.set(endpoint, { ...seen, ...fate });
    assert.deepEqual(await lane(), {
      waiting: 10,
      needs_attention: true,
      held_since: "2026-01-02T03:04:04.006Z",
      reason: "status_503",
      next_probe_at: "2026-01-02T03:04:06.006Z",
      failing_since: null,
    });
  });

  test("what is stored is shown where the engine does not know the lane", async () => {
    const setup = await withLane();
    const first = await postEvent(setup, "acme", { type: "other" });
    await postEvent(setup, "acme", { type: "wanted.a" });
    const position = setup.ports.ids.eventPlaceOf(first.id)?.offset ?? 0;
    const { at } = setup.clock;
    const hold = { since: at, until: at + 60_000, reason: "timeout_headers", rounds: 3, requests: 0 };
    await setup.flush({
      lanes: [{ endpoint: setup.endpoint, position, hold, batch: undefined }],
      failing: [{ endpoint: setup.endpoint, since: at - 60_000 }],
    });
    assert.deepEqual(await setup.lane(), {
      waiting: 1,
      needs_attention: false,
      held_since: "2026-01-02T03:04:05.006Z",
      reason: "timeout_headers",
      next_probe_at: "2026-01-02T03:05:05.006Z",
      failing_since: "2026-01-02T03:03:05.006Z",
    });
  });

  test("a long backlog is counted up to a limit, and says so", async () => {
    const setup = await setUpApp();
    const { id } = await makeEndpoint(setup, "acme");
    const nothing = { heldSince: undefined, reason: undefined, nextProbeAt: undefined };
    const seen = { waiting: 1, behindAfter: 5, inFlight: 0, needsAttention: false, ...nothing };
    setup.engine.lanes.set(await numberOf(setup, id), seen);
    const counted = { byType: [{ type: "a", count: 9 }], isPartial: true };
    const app = createApp({
      ...setup.ports,
      reader: { ...setup.ports.reader, countEvents: async () => counted },
    });
    const answer = await app.inject({
      url: `${LIST}/${id}`,
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
    });
    const { waiting, waiting_is_at_least } = answer.json().lane;
    assert.deepEqual([waiting, waiting_is_at_least], [10, true]);
  });
});
