import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Attempt, LIVE } from "../../model/delivery.ts";
import { assertProblem, makeEndpoint, postEvent, type Setup, setUpApp } from "../app-setup.test.ts";

const LIST = "/v1/tenants/acme/deliveries";

interface Shown {
  readonly id: string;
  readonly event_id: string;
  readonly endpoint_id: string;
  readonly state: string;
}

async function list(setup: Setup, query = ""): Promise<readonly Shown[]> {
  const seen: Shown[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const more: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const { status, body, text } = await setup.call("GET", `${LIST}?${query}${more}`);
    assert.equal(status, 200, text);
    seen.push(...body.data);
    cursor = body.next_cursor;
  }
  return seen;
}

/** Three endpoints, four events, and one delivery in each of some states. */
async function withDeliveries() {
  const setup = await setUpApp();
  const endpoints: string[] = [];
  const events: string[] = [];
  for (let count = 0; count < 3; count += 1) {
    endpoints.unshift((await makeEndpoint(setup, "acme")).id);
    await makeEndpoint(setup, "globex");
  }
  for (const type of ["a", "b", "a", "b"]) {
    events.unshift((await postEvent(setup, "acme", { type })).id);
    await postEvent(setup, "globex", { type });
  }
  const { ids } = setup.ports;
  const place = (event: number, endpoint: number) => ({
    endpoint: ids.endpointNumberOf(endpoints[endpoint] ?? "") ?? 0,
    cursor: LIVE,
    offset: ids.eventPlaceOf(events[event] ?? "")?.offset ?? 0,
  });
  const attempt = (event: number, endpoint: number, change: Partial<Attempt> = {}): Attempt => ({
    ...place(event, endpoint),
    number: 1,
    startedAt: setup.clock.at,
    durationMs: 1,
    connectedMs: undefined,
    headersMs: undefined,
    verdict: "delivered",
    reason: undefined,
    status: 200,
    answer: undefined,
    detail: undefined,
    payloadHash: undefined,
    batch: undefined,
    ...change,
  });
  await setup.flush({
    attempts: [
      attempt(0, 0),
      attempt(3, 2),
      attempt(1, 1, { verdict: "retry", reason: "status_500", status: 500 }),
    ],
    deadLetters: [{ ...place(1, 1), reason: "status_500", at: setup.clock.at }],
  });
  return { ...setup, endpoints, events };
}

describe("the list of deliveries", () => {
  test("deliveries come newest event first, then newest endpoint, and pages meet each once", async () => {
    const setup = await withDeliveries();
    const expected = setup.events.flatMap((event) => setup.endpoints.map((endpoint) => [event, endpoint]));
    for (const limit of [1, 2, 5, 12, 100]) {
      const seen = await list(setup, `limit=${limit}`);
      assert.deepEqual(
        seen.map(({ event_id, endpoint_id }) => [event_id, endpoint_id]),
        expected,
        `limit ${limit}`,
      );
    }
  });

  test("a range of time leaves deliveries of what was accepted in it, dead ones too", async () => {
    const setup = await withDeliveries();
    const before = setup.clock.at;
    setup.clock.at += 60_000;
    const { id } = await postEvent(setup, "acme", { type: "a" });
    const later = new Date(setup.clock.at).toISOString();
    const since = async (query: string) => (await list(setup, query)).map(({ event_id }) => event_id);
    assert.deepEqual([...new Set(await since(`since=${later}&limit=1`))], [id]);
    assert.equal((await since(`until=${later}`)).length, 12);
    assert.deepEqual(await since(`state=dead&until=${later}`), [setup.events[1]]);
    assert.deepEqual(await since(`state=dead&since=${later}`), []);
    assert.deepEqual(await since(`since=${later}&until=${new Date(before).toISOString()}`), []);
    assertProblem(await setup.call("GET", `${LIST}?since=yesterday`), "invalid_request", ["?since"]);
  });

  test("an endpoint's own types lead to its deliveries, and to those replayed from another", async () => {
    const setup = await setUpApp();
    const source = await makeEndpoint(setup, "acme", { event_types: ["rare", "often"] });
    const only = await makeEndpoint(setup, "acme", { event_types: ["rare"] });
    const rare = await postEvent(setup, "acme", { type: "rare" });
    const body = Array.from({ length: 600 }, () => ({ type: "often", data: 1 }));
    await setup.call("POST", "/v1/tenants/acme/events", { body });
    const others = (await setup.call("GET", "/v1/tenants/acme/events?limit=1")).body.data[0];
    const { head: to } = await setup.store.readHead(0);
    const log = await setup.store.readLog({ lease: 0, after: 0, to, limit: 1000, bytesMax: 1_000_000 });
    await setup.flush({ directory: [{ after: 0, to, events: log.events }] });
    const first = (await setup.call("GET", `${LIST}?endpoint=${only.id}`)).body;
    assert.deepEqual(
      first.data.map(({ event_id }: Shown) => event_id),
      [rare.id],
    );
    const { ids } = setup.ports;
    const [endpoint, from] = [source.id, only.id].map((id: string) => ids.endpointNumberOf(id) ?? 0);
    const tenant = (await setup.store.findTenant("acme"))?.number ?? 0;
    const offset = ids.eventPlaceOf(others.id)?.offset ?? 0;
    const replay = await setup.store.requestReplay({
      tenant,
      source: endpoint ?? 0,
      endpoint: from ?? 0,
      from: offset,
      to: offset,
      only: "all",
      types: undefined,
      ratePerSecond: undefined,
      createdAt: setup.clock.at,
    });
    const key = { endpoint: from ?? 0, cursor: replay?.number ?? 0, offset };
    await setup.flush({ deadLetters: [{ ...key, reason: "status_500", at: setup.clock.at }] });
    const shown = await list(setup, `endpoint=${only.id}`);
    assert.deepEqual(
      shown.map(({ event_id, state }) => [event_id, state]),
      [
        [others.id, "dead"],
        [rare.id, "pending"],
      ],
    );
  });

  test("filters leave what they name, whatever the size of a page", async () => {
    const setup = await withDeliveries();
    const { events, endpoints } = setup;
    for (const limit of [1, 3, 50]) {
      const states = async (query: string) =>
        (await list(setup, `${query}&limit=${limit}`)).map(({ event_id, endpoint_id }) => [
          events.indexOf(event_id),
          endpoints.indexOf(endpoint_id),
        ]);
      assert.deepEqual(await states("state=delivered"), [
        [0, 0],
        [3, 2],
      ]);
      assert.deepEqual(await states("state=dead"), [[1, 1]]);
      assert.deepEqual(await states("state=expired"), []);
      assert.equal((await states("state=pending")).length, 9);
      assert.deepEqual(await states(`endpoint=${endpoints[1]}`), [
        [0, 1],
        [1, 1],
        [2, 1],
        [3, 1],
      ]);
      assert.deepEqual(await states(`endpoint=${endpoints[1]}&type=a`), [
        [1, 1],
        [3, 1],
      ]);
      assert.deepEqual(await states(`endpoint=${endpoints[2]}&type=a&state=delivered`), [[3, 2]]);
    }
  });

  test("a long list is looked through in bounded steps, with cursors between them", async () => {
    const setup = await setUpApp();
    await makeEndpoint(setup, "acme");
    for (let count = 0; count < 6; count += 1) {
      const body = Array.from({ length: 100 }, () => ({ type: "a", data: 1 }));
      await setup.call("POST", "/v1/tenants/acme/events", { body });
    }
    const { body } = await setup.call("GET", `${LIST}?state=rejected`);
    assert.deepEqual(body.data, []);
    assert.notEqual(body.next_cursor, null);
    assert.deepEqual(await list(setup, "state=rejected"), []);
    assert.equal((await list(setup, "limit=100")).length, 600);
  });

  test("wrong filters are refused", async () => {
    const setup = await withDeliveries();
    assertProblem(await setup.call("GET", `${LIST}?state=lost`), "invalid_request", ["?state"]);
    assertProblem(await setup.call("GET", `${LIST}?type=%00`), "invalid_request", ["?type"]);
    assertProblem(await setup.call("GET", `${LIST}?endpoint=x`), "not_found");
    const theirs = await makeEndpoint(setup, "globex");
    assertProblem(await setup.call("GET", `${LIST}?endpoint=${theirs.id}`), "not_found");
    const { next_cursor: cursor } = (await setup.call("GET", `${LIST}?limit=1`)).body;
    assertProblem(await setup.call("GET", `${LIST}?state=dead&cursor=${cursor}`), "invalid_request", [
      "?cursor",
    ]);
  });
});

describe("one delivery", () => {
  test("it is shown as in the list", async () => {
    const setup = await withDeliveries();
    for (const delivery of await list(setup)) {
      assert.deepEqual((await setup.call("GET", `${LIST}/${delivery.id}`)).body, delivery);
    }
  });

  test("retry, replay and cancel reach the engine and answer the delivery", async () => {
    const setup = await withDeliveries();
    const [first] = await list(setup, "state=dead");
    assert.ok(first);
    const place = setup.ports.ids.deliveryPlaceOf(first.id);
    const tenant = await setup.store.findTenant("acme");
    for (const verb of ["retry", "replay", "cancel"] as const) {
      const answer = await setup.call("POST", `${LIST}/${first.id}/${verb}`);
      assert.equal(answer.status, 202);
      assert.deepEqual(answer.body, first);
      const live = { tenant: tenant?.number, endpoint: place?.endpoint, offset: place?.offset };
      assert.deepEqual(setup.engine.commands.pop(), [verb, live]);
    }
  });

  test("what the engine does not do is answered by its reason", async () => {
    const setup = await withDeliveries();
    const [first] = await list(setup);
    const reasons = {
      settled: "delivery_settled",
      in_flight: "delivery_in_flight",
      in_batch: "delivery_in_batch",
      not_owed: "delivery_not_owed",
    } as const;
    for (const [result, code] of Object.entries(reasons)) {
      setup.engine.answer = result as keyof typeof reasons;
      const answer = await setup.call("POST", `${LIST}/${first?.id}/retry`);
      assertProblem(answer, code);
      assert.equal(answer.status, 409);
    }
  });

  test("ids that are none, another tenant's, or of no delivery are not found", async () => {
    const setup = await withDeliveries();
    const { ids } = setup.ports;
    const [theirs] = (await setup.call("GET", "/v1/tenants/globex/deliveries")).body.data;
    const [ours] = await list(setup);
    const place = ids.eventPlaceOf(ours?.event_id ?? "");
    const foreign = ids.endpointNumberOf(theirs.endpoint_id);
    assert.ok(place && foreign);
    const elsewhere = { ...place, shard: place.shard + 1 };
    const endpoint = ids.endpointNumberOf(ours?.endpoint_id ?? "") ?? 0;
    const wrong = [
      ids.delivery(elsewhere, endpoint),
      theirs.id,
      ids.delivery(place, foreign),
      ids.delivery(place, 999),
      ours?.event_id,
      "dlv_x",
      "%00",
    ];
    for (const id of wrong) {
      assertProblem(await setup.call("GET", `${LIST}/${id}`), "not_found");
      for (const verb of ["retry", "replay", "cancel"]) {
        assertProblem(await setup.call("POST", `${LIST}/${id}/${verb}`), "not_found");
      }
    }
    assert.deepEqual(setup.engine.commands, []);
  });
});

describe("the list of attempts", () => {
  async function withAttempts() {
    const setup = await withDeliveries();
    const seen = async (query = "") => {
      const { body, status, text } = await setup.call("GET", `/v1/tenants/acme/attempts?${query}`);
      assert.equal(status, 200, text);
      return body;
    };
    return { ...setup, seen };
  }

  test("attempts come newest event first with all that is known of them", async () => {
    const { seen, events, endpoints } = await withAttempts();
    const { data } = await seen();
    assert.deepEqual(
      data.map((attempt: { event_id: string; verdict: string }) => [
        events.indexOf(attempt.event_id),
        attempt.verdict,
      ]),
      [
        [0, "delivered"],
        [1, "retry"],
        [3, "delivered"],
      ],
    );
    const [, retry] = data;
    assert.match(retry.id, /^att_/);
    assert.deepEqual(retry, {
      id: retry.id,
      number: 1,
      event_id: events[1],
      endpoint_id: endpoints[1],
      delivery_id: retry.delivery_id,
      is_replay: false,
      verdict: "retry",
      status: 500,
      error: "status_500",
      error_detail: null,
      started_at: "2026-01-02T03:04:05.006Z",
      duration_ms: 1,
      connected_ms: null,
      headers_ms: null,
      answer: null,
      payload_hash: null,
      batch_event_id: null,
    });
  });

  test("filters leave what they name, and pages meet each attempt once", async () => {
    const { seen, events, endpoints } = await withAttempts();
    assert.equal((await seen("verdict=delivered")).data.length, 2);
    assert.equal((await seen(`endpoint=${endpoints[1]}`)).data.length, 1);
    assert.equal((await seen(`event=${events[3]}`)).data.length, 1);
    assert.equal((await seen(`event=${events[2]}`)).data.length, 0);
    assert.equal((await seen(`event=${events[3]}&verdict=retry`)).data.length, 0);
    const found: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const body = await seen(`limit=1${cursor === "" ? "" : `&cursor=${cursor}`}`);
      found.push(...body.data.map(({ id }: { id: string }) => id));
      cursor = body.next_cursor;
    }
    assert.equal(new Set(found).size, 3);
    assert.equal(found.length, 3);
  });

  test("wrong filters are refused, and another tenant's ids are not found", async () => {
    const setup = await withAttempts();
    const path = "/v1/tenants/acme/attempts";
    assertProblem(await setup.call("GET", `${path}?verdict=lost`), "invalid_request", ["?verdict"]);
    const theirs = await makeEndpoint(setup, "globex");
    const event = await postEvent(setup, "globex");
    for (const query of [`endpoint=${theirs.id}`, `event=${event.id}`, "event=x", "endpoint=x"]) {
      assertProblem(await setup.call("GET", `${path}?${query}`), "not_found");
    }
    assert.equal((await setup.call("GET", "/v1/tenants/globex/attempts")).body.data.length, 0);
  });
});
