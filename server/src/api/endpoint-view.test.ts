import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LIVE } from "../model/delivery.ts";
import { createApp } from "./app.ts";
import { ADMIN_KEY, makeEndpoint, postEvent, type Setup, setUpApp } from "./app-setup.test.ts";
import { isSkippable } from "./endpoint-view.ts";

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
    const seen = {
      waiting: 7,
      retries: 1,
      inFlight: 1,
      heldSince: setup.clock.at - 1000,
      reason: "status_503",
    };
    const fate = { needsAttention: true, behindAfter: offset, nextProbeAt: setup.clock.at + 1000 };
    engine.lanes.set(endpoint, { ...seen, ...fate });
    assert.deepEqual(await lane(), {
      discipline: "each",
      is_skippable: false,
      waiting: 10,
      needs_attention: true,
      held_since: "2026-01-02T03:04:04.006Z",
      reason: "status_503",
      next_probe_at: "2026-01-02T03:04:06.006Z",
      failing_since: null,
    });
  });

  test("what is stored as a retry before the engine knows of it counts once", async () => {
    const setup = await withLane();
    const { id } = await postEvent(setup, "acme", { type: "wanted.a" });
    const { endpoint } = setup;
    const offset = setup.ports.ids.eventPlaceOf(id)?.offset ?? 0;
    const retry = { endpoint, cursor: LIVE, offset, requests: 1, used: 1, dueAt: 0, reason: "status_500" };
    await setup.flush({ retries: [retry] });
    const free = { heldSince: undefined, reason: undefined, nextProbeAt: undefined, behindAfter: undefined };
    setup.engine.lanes.set(endpoint, { waiting: 1, retries: 0, inFlight: 0, needsAttention: false, ...free });
    assert.equal((await setup.lane()).waiting, 1);
    setup.engine.lanes.set(endpoint, { waiting: 0, retries: 1, inFlight: 0, needsAttention: false, ...free });
    assert.equal((await setup.lane()).waiting, 1);
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
      discipline: "each",
      is_skippable: false,
      waiting: 1,
      needs_attention: false,
      held_since: "2026-01-02T03:04:05.006Z",
      reason: "timeout_headers",
      next_probe_at: "2026-01-02T03:05:05.006Z",
      failing_since: "2026-01-02T03:03:05.006Z",
    });
  });

  test("what is stored of a frozen batch is counted once", async () => {
    const setup = await withLane();
    const offsets: number[] = [];
    for (const type of ["other", "wanted.a", "wanted.b", "other", "wanted.c"]) {
      const { id } = await postEvent(setup, "acme", { type });
      offsets.push(setup.ports.ids.eventPlaceOf(id)?.offset ?? 0);
    }
    const [position = 0, ...later] = offsets;
    const batch = { offsets: later.slice(0, 2), requests: 1, used: 0, dueAt: 0, reason: "status_500" };
    await setup.flush({ lanes: [{ endpoint: setup.endpoint, position, hold: undefined, batch }] });
    assert.equal((await setup.lane()).waiting, 3);
  });

  test("a list counts as far as it may, and says where there is more", async () => {
    const setup = await withLane();
    const { id } = await postEvent(setup, "acme", { type: "other" });
    const position = setup.ports.ids.eventPlaceOf(id)?.offset ?? 0;
    for (let count = 0; count < 5; count += 1) {
      const body = Array.from({ length: 100 }, () => ({ type: "wanted.a", data: 1 }));
      await setup.call("POST", "/v1/tenants/acme/events", { body });
    }
    await setup.flush({
      lanes: [{ endpoint: setup.endpoint, position, hold: undefined, batch: undefined }],
    });
    const { data } = (await setup.call("GET", `${LIST}?include=lane`)).body;
    assert.deepEqual([data[0].lane.waiting, data[0].lane.waiting_is_at_least], [100, true]);
    const one = await setup.lane();
    assert.deepEqual([one.waiting, one.waiting_is_at_least], [500, undefined]);

    const nothing = { heldSince: undefined, reason: undefined, nextProbeAt: undefined };
    const seen = { waiting: 120, retries: 0, inFlight: 0, needsAttention: false, ...nothing };
    setup.engine.lanes.set(setup.endpoint, { ...seen, behindAfter: position });
    const known = (await setup.call("GET", `${LIST}?include=lane`)).body.data[0].lane;
    assert.deepEqual([known.waiting, known.waiting_is_at_least], [120, true], "nothing more is looked at");
    assert.equal((await setup.lane()).waiting, 620);
  });

  test("what a lane has not read is counted by what it was owed then, but for what is settled", async () => {
    const setup = await withLane();
    const { id: other } = await makeEndpoint(setup, "acme");
    const id = setup.ports.ids.endpoint(setup.endpoint);
    const first = await postEvent(setup, "acme", { type: "wanted.a" });
    const settled = await postEvent(setup, "acme", { type: "wanted.b" });
    await postEvent(setup, "acme", { type: "wanted.c", to: other });
    await postEvent(setup, "acme", { type: "other", to: id });
    await setup.call("PATCH", `${LIST}/${id}`, { body: { event_types: ["other"] } });
    await postEvent(setup, "acme", { type: "wanted.d" });
    await postEvent(setup, "acme", { type: "other" });
    const offsetOf = (event: { id: string }) => setup.ports.ids.eventPlaceOf(event.id)?.offset ?? 0;
    const at = offsetOf(settled);
    const { endpoint } = setup;
    await setup.flush({ gaps: [{ endpoint, from: at, to: at, reason: "cancelled", at: 0 }] });
    const nothing = { heldSince: undefined, reason: undefined, nextProbeAt: undefined };
    const seen = { waiting: 0, retries: 0, inFlight: 0, needsAttention: false, ...nothing };
    setup.engine.lanes.set(endpoint, { ...seen, behindAfter: offsetOf(first) - 1 });

    assert.equal((await setup.lane()).waiting, 3);
    await setup.call("POST", `${LIST}/${id}/disable`);
    assert.equal((await setup.lane()).waiting, 0);
  });

  test("where another node sends, what comes after its checkpoint is counted, and said", async () => {
    const setup = await withLane();
    await postEvent(setup, "acme", { type: "wanted.a" });
    const shown = async (isElsewhere: boolean) => {
      setup.engine.isElsewhere = isElsewhere;
      const { waiting, as_stored } = await setup.lane();
      return [waiting, as_stored];
    };

    // The engine of the tests delivers nothing, and knows of no lane.
    assert.deepEqual(await shown(false), [0, undefined]);
    assert.deepEqual(await shown(true), [1, true]);
  });

  test("where another node sends, a page counts only where something came, unless too much did", async () => {
    const setup = await setUpApp();
    for (const type of ["a", "b", "c"]) {
      await makeEndpoint(setup, "acme", { event_types: [type] });
    }
    setup.engine.isElsewhere = true;
    const counted: number[] = [];
    const { reader } = setup.ports;
    const app = createApp({
      ...setup.ports,
      reader: {
        ...reader,
        listUnsettled(query) {
          counted.push(query.endpoint);
          return reader.listUnsettled(query);
        },
      },
    });
    const waiting = async () => {
      counted.length = 0;
      const headers = { authorization: `Bearer ${ADMIN_KEY}` };
      const answer = await app.inject({ url: `${LIST}?include=lane`, headers });
      const { data }: { data: { lane: { waiting: number } }[] } = answer.json();
      return [data.map(({ lane }) => lane.waiting).sort((a, b) => a - b), counted.length];
    };

    assert.deepEqual(await waiting(), [[0, 0, 0], 0]);
    await postEvent(setup, "acme", { type: "a" });
    assert.deepEqual(await waiting(), [[0, 0, 1], 1]);
    for (let count = 0; count < 100; count += 1) {
      await postEvent(setup, "acme", { type: "b" });
    }
    // Of 101 events a hundred are looked at, for each.
    assert.deepEqual(await waiting(), [[0, 1, 99], 3]);
  });

  test("a long backlog is counted up to a limit, and says so", async () => {
    const setup = await setUpApp();
    const { id } = await makeEndpoint(setup, "acme");
    const nothing = { heldSince: undefined, reason: undefined, nextProbeAt: undefined };
    const seen = { waiting: 1, retries: 0, behindAfter: 5, inFlight: 0, needsAttention: false, ...nothing };
    setup.engine.lanes.set(await numberOf(setup, id), seen);
    const event = await postEvent(setup, "acme", { type: "a" });
    const [meta] = (await setup.ports.reader.listEvents({ tenant: 1, limit: 1, scanMax: 9 })).events;
    assert.ok(meta && event);
    const counted = { events: Array.from({ length: 9 }, () => meta), isPartial: true };
    const app = createApp({
      ...setup.ports,
      reader: { ...setup.ports.reader, listUnsettled: async () => counted },
    });
    const answer = await app.inject({
      url: `${LIST}/${id}`,
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
    });
    const { waiting, waiting_is_at_least } = answer.json().lane;
    assert.deepEqual([waiting, waiting_is_at_least], [10, true]);
  });
});

describe("isSkippable()", () => {
  const HELD = {
    needs_attention: false,
    held_since: "2026-01-01T00:00:00Z",
    reason: "status_503",
    next_probe_at: null,
  };

  test("a skip leads on where a head holds the others, and nowhere else", () => {
    assert.equal(isSkippable(HELD, "ordered"), true);
    assert.equal(isSkippable(HELD, "batched"), true);
    assert.equal(isSkippable(HELD, "each"), false, "there is no head");
    assert.equal(isSkippable(HELD, undefined), false, "nothing knows how they wait");
    assert.equal(isSkippable({ ...HELD, held_since: null }, "ordered"), false, "nothing waits for it");
    const greeted = { ...HELD, reason: "handshake_status_401" };
    assert.equal(isSkippable(greeted, "ordered"), false, "the receiver is greeted whatever the head is");
  });

  test("a skip leads past a fault only where the fault goes with the head", () => {
    const stopped = (reason: string) => isSkippable({ ...HELD, needs_attention: true, reason }, "ordered");
    assert.equal(stopped("contract_request_threw"), true);
    assert.equal(stopped("secret_unreadable"), false);
    assert.equal(stopped("facts_refused"), false);
  });

  test("nothing is skippable of an endpoint that is paused, or owed nothing", async () => {
    const setup = await setUpApp();
    const { id } = await makeEndpoint(setup, "acme", {
      contract: "bubblehouse",
      url: "https://example.com/:name",
    });
    const endpoint = await numberOf(setup, id);
    const lane = async () => (await setup.call("GET", `${LIST}/${id}`)).body.lane;
    const view = {
      waiting: 0,
      retries: 0,
      inFlight: 0,
      heldSince: 1,
      reason: "outcome_failure",
      needsAttention: false,
    };
    const put = (waiting: number) =>
      setup.engine.lanes.set(endpoint, { ...view, waiting, behindAfter: undefined, nextProbeAt: 2 });
    put(0);
    assert.deepEqual([(await lane()).discipline, (await lane()).is_skippable], ["ordered", false]);
    put(1);
    assert.equal((await lane()).is_skippable, true);
    await setup.call("POST", `${LIST}/${id}/pause`);
    assert.equal((await lane()).is_skippable, false);
  });
});
