import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Attempt, LIVE } from "../../model/delivery.ts";
import { timeOfOffset } from "../../model/offset.ts";
import { assertProblem, makeEndpoint, postEvent, type Setup, setUpApp } from "../app-setup.test.ts";

const LIST = "/v1/tenants/acme/events";

function offsetOf({ ports }: Setup, event: string): number {
  const place = ports.ids.eventPlaceOf(event);
  assert.ok(place);
  return place.offset;
}

function numberOf({ ports }: Setup, endpoint: string): number {
  const number = ports.ids.endpointNumberOf(endpoint);
  assert.ok(number);
  return number;
}

function attemptOf(endpoint: number, offset: number, change: Partial<Attempt> = {}): Attempt {
  return {
    endpoint,
    cursor: LIVE,
    offset,
    number: 1,
    startedAt: timeOfOffset(offset) + 5,
    durationMs: 12,
    connectedMs: 3,
    headersMs: 10,
    verdict: "delivered",
    reason: undefined,
    status: 200,
    answer: undefined,
    detail: undefined,
    payloadHash: undefined,
    batch: undefined,
    ...change,
  };
}

async function idsOf(setup: Setup, query: string): Promise<readonly string[]> {
  const { status, body, text } = await setup.call("GET", `${LIST}?${query}`);
  assert.equal(status, 200, text);
  return body.data.map(({ id }: { id: string }) => id);
}

describe("the list of events", () => {
  async function withEvents() {
    const setup = await setUpApp();
    const made: string[] = [];
    for (const [index, type] of ["a", "b", "a", "c", "a"].entries()) {
      const subject = index < 3 ? "early" : "late";
      made.push((await postEvent(setup, "acme", { type, subject, idempotency_key: `k${index}` })).id);
      await postEvent(setup, "globex", { type, subject, idempotency_key: `k${index}` });
      setup.clock.at += 1000;
    }
    return { setup, made: made.toReversed() };
  }

  test("events come newest first, without data and without another tenant's", async () => {
    const { setup, made } = await withEvents();
    const { body } = await setup.call("GET", LIST);
    assert.deepEqual(
      body.data.map(({ id }: { id: string }) => id),
      made,
    );
    assert.deepEqual(body.data[0], {
      id: made[0],
      type: "a",
      subject: "late",
      occurred_at: "2026-01-02T03:04:09.006Z",
      accepted_at: "2026-01-02T03:04:09.006Z",
      expires_at: null,
      to: null,
      data_bytes: 8,
      is_erased: false,
    });
    assert.equal(body.next_cursor, null);
  });

  test("each filter leaves what it names, and they combine", async () => {
    const { setup, made } = await withEvents();
    const [five, four, three, two, one] = made;
    assert.deepEqual(await idsOf(setup, "type=a"), [five, three, one]);
    assert.deepEqual(await idsOf(setup, "subject=early"), [three, two, one]);
    assert.deepEqual(await idsOf(setup, "type=a&subject=late"), [five]);
    assert.deepEqual(await idsOf(setup, "key=k3"), [four]);
    assert.deepEqual(await idsOf(setup, "key=k3&type=a"), []);
    assert.deepEqual(await idsOf(setup, "key=unknown"), []);
    assert.deepEqual(await idsOf(setup, "since=2026-01-02T03:04:08.006Z"), [five, four]);
    assert.deepEqual(await idsOf(setup, "until=2026-01-02T03:04:06.006Z"), [one]);
    const range = "since=2026-01-02T05:04:06.006%2B02:00&until=2026-01-02T03:04:08Z";
    assert.deepEqual(await idsOf(setup, range), [three, two]);
    assert.deepEqual(await idsOf(setup, "since=2030-01-01T00:00:00Z"), []);
    assert.deepEqual(await idsOf(setup, "until=1970-01-01T00:00:00Z"), []);
  });

  test("the key of a whole request finds all of its events", async () => {
    const setup = await setUpApp();
    const sent = {
      body: [
        { type: "a", data: 1 },
        { type: "b", data: 2 },
      ],
      headers: { "idempotency-key": "k" },
    };
    const { body } = await setup.call("POST", LIST, sent);
    await postEvent(setup, "acme");
    const expected = body.data.map(({ id }: { id: string }) => id).toReversed();
    assert.deepEqual(await idsOf(setup, "key=k"), expected);
    assert.deepEqual(await idsOf(setup, "key=k&type=a"), [expected[1]]);
  });

  test("pages meet every event once, also with filters, and also while new ones come", async () => {
    const { setup, made } = await withEvents();
    for (const [filter, expected] of [
      ["", made],
      ["type=a", [made[0], made[2], made[4]]],
    ] as const) {
      const seen: string[] = [];
      let cursor: string | null = "";
      while (cursor !== null) {
        const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
        const { body } = await setup.call("GET", `${LIST}?limit=2&${filter}${query}`);
        seen.push(...body.data.map(({ id }: { id: string }) => id));
        cursor = body.next_cursor;
        await postEvent(setup, "acme", { type: "a" });
      }
      assert.deepEqual(
        seen.filter((id) => made.includes(id)),
        expected,
      );
      assert.equal(new Set(seen).size, seen.length);
    }
  });

  test("a cursor is of one list with its filters, of one tenant", async () => {
    const { setup } = await withEvents();
    const { next_cursor: cursor } = (await setup.call("GET", `${LIST}?limit=2&type=a`)).body;
    assert.match(cursor, /^[A-Za-z0-9_-]+$/);
    assert.equal((await setup.call("GET", `${LIST}?limit=1&type=a&cursor=${cursor}`)).status, 200);
    const others = [`${LIST}?cursor=${cursor}`, `${LIST}?type=b&cursor=${cursor}`];
    others.push(
      `/v1/tenants/globex/events?type=a&cursor=${cursor}`,
      `/v1/tenants/acme/attempts?cursor=${cursor}`,
    );
    for (const path of others) {
      assertProblem(await setup.call("GET", path), "invalid_request", ["?cursor"]);
    }
  });

  test("filters that no event can meet are refused by name", async () => {
    const setup = await setUpApp();
    const wrong = [
      "type=%00",
      "subject=a%0a",
      "key=%7f",
      "since=yesterday",
      "until=2026-02-30T00:00:00Z",
      "type=",
    ];
    for (const filter of [...wrong, "since=2026-01-02T05:04:06+02:00", "state=dead", "type=a&type=b"]) {
      const [name = ""] = filter.split("=");
      assertProblem(await setup.call("GET", `${LIST}?${filter}`), "invalid_request", [`?${name}`]);
    }
  });
});

describe("one event", () => {
  test("its data is answered as the bytes that were sent", async () => {
    const setup = await setUpApp();
    const data = '{ "b":1.0, "a" : 12345678901234567890,"a":2,"u":"\\u00e9\u2028"}';
    const posted = await setup.call("POST", LIST, { body: `{"data":${data},"type":"x","subject":"s"}` });
    const { text, body, headers } = await setup.call("GET", `${LIST}/${posted.body.id}`);
    assert.ok(text.endsWith(`,"data":${data}}`), text);
    assert.match(String(headers["content-type"]), /^application\/json/);
    assert.equal(body.subject, "s");
    const none = { pending: 0, retrying: 0, delivered: 0, rejected: 0, dead: 0, cancelled: 0, expired: 0 };
    assert.deepEqual(body.summary, none);
  });

  /** An event with four deliveries, no two in the same state. */
  async function withFourStates() {
    const setup = await setUpApp();
    const made: string[] = [];
    for (const types of [["client.*"], null, ["client.updated"], ["other"], null]) {
      made.push((await makeEndpoint(setup, "acme", { event_types: types })).id);
    }
    await makeEndpoint(setup, "acme", { contract: "spektr" });
    await makeEndpoint(setup, "acme", { enabled: false });
    await makeEndpoint(setup, "globex");
    const { id } = await postEvent(setup, "acme");
    await makeEndpoint(setup, "acme");
    const [first = 0, second = 0, third = 0, , fifth = 0] = made.map((endpoint) => numberOf(setup, endpoint));
    const offset = offsetOf(setup, id);
    const { at } = setup.clock;
    const failed = { verdict: "retry", status: 500, reason: "status_500" } as const;
    const waiting = { cursor: LIVE, offset, requests: 1, used: 1, dueAt: at + 5000, reason: "status_500" };
    await setup.flush({
      attempts: [
        attemptOf(first, offset),
        attemptOf(second, offset, { verdict: "rejected", status: 422, reason: "status_422" }),
        attemptOf(third, offset, failed),
      ],
      retries: [{ endpoint: third, ...waiting }],
      gaps: [{ endpoint: fifth, from: offset, to: offset, reason: "expired", at }],
    });
    return { setup, id, made };
  }

  test("its summary counts the deliveries of every endpoint that was owed it", async () => {
    const { setup, id } = await withFourStates();
    const { summary } = (await setup.call("GET", `${LIST}/${id}`)).body;
    const none = { pending: 0, dead: 0, cancelled: 0 };
    assert.deepEqual(summary, { ...none, retrying: 1, delivered: 1, rejected: 1, expired: 1 });
  });

  test("its deliveries are those of every endpoint that was owed it, the newest first", async () => {
    const { setup, id, made } = await withFourStates();
    const [first, second, third, , fifth] = made;
    const { data } = (await setup.call("GET", `${LIST}/${id}/deliveries`)).body;
    const states = data.map(({ endpoint_id, state }: Record<string, string>) => [endpoint_id, state]);
    const expected = [
      [fifth, "expired"],
      [third, "retrying"],
      [second, "rejected"],
      [first, "delivered"],
    ];
    assert.deepEqual(states, expected);
    assert.deepEqual(data[1], {
      id: data[1].id,
      event_id: id,
      type: "client.updated",
      endpoint_id: third,
      state: "retrying",
      attempts: 1,
      next_attempt_at: "2026-01-02T03:04:10.006Z",
      retries_used: 1,
      retries_max: 9,
      reason: "status_500",
      accepted_at: "2026-01-02T03:04:05.006Z",
      last_attempt_at: "2026-01-02T03:04:05.011Z",
    });
  });

  test("an event to one endpoint is owed to it alone, whatever it subscribes to", async () => {
    const setup = await setUpApp();
    const target = await makeEndpoint(setup, "acme", { event_types: ["other"] });
    await makeEndpoint(setup, "acme");
    const { id } = await postEvent(setup, "acme", { to: target.id });
    const { data } = (await setup.call("GET", `${LIST}/${id}/deliveries`)).body;
    assert.deepEqual(
      data.map((delivery: { endpoint_id: string }) => delivery.endpoint_id),
      [target.id],
    );
    assert.equal((await setup.call("GET", `${LIST}/${id}`)).body.to, target.id);
  });

  test("deliveries to an endpoint that was deleted since are still shown", async () => {
    const setup = await setUpApp();
    const endpoint = await makeEndpoint(setup, "acme");
    const { id } = await postEvent(setup, "acme");
    const offset = offsetOf(setup, id);
    await setup.call("DELETE", `/v1/tenants/acme/endpoints/${endpoint.id}`);
    const gap = { endpoint: numberOf(setup, endpoint.id), from: offset, to: offset, at: 0 };
    await setup.flush({ gaps: [{ ...gap, reason: "cancelled" }] });
    assert.equal((await setup.call("GET", `${LIST}/${id}`)).body.summary.cancelled, 1);
  });

  test("its deliveries are answered in pages", async () => {
    const setup = await setUpApp();
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      made.unshift((await makeEndpoint(setup, "acme")).id);
    }
    const { id } = await postEvent(setup, "acme");
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const { body } = await setup.call("GET", `${LIST}/${id}/deliveries?limit=2${query}`);
      seen.push(...body.data.map((delivery: { endpoint_id: string }) => delivery.endpoint_id));
      cursor = body.next_cursor;
    }
    assert.deepEqual(seen, made);
  });

  test("a pending delivery says what it waits for", async () => {
    const setup = await setUpApp();
    const { id: endpointId } = await makeEndpoint(setup, "acme");
    const { id } = await postEvent(setup, "acme");
    const endpoint = numberOf(setup, endpointId);
    const delivery = async () => (await setup.call("GET", `${LIST}/${id}/deliveries`)).body.data[0];
    const { state, reason, next_attempt_at } = await delivery();
    assert.deepEqual([state, reason, next_attempt_at], ["pending", null, null]);

    const held = {
      needsAttention: false,
      heldSince: setup.clock.at,
      reason: "status_503",
      nextProbeAt: setup.clock.at + 1000,
    };
    const lane = { waiting: 1, retries: 0, behindAfter: undefined, inFlight: 0, ...held };
    setup.engine.lanes.set(endpoint, lane);
    const behind = await delivery();
    assert.equal(behind.reason, "status_503");
    assert.equal(behind.next_attempt_at, "2026-01-02T03:04:06.006Z");

    // The lane's batch will be tried; this delivery is not in it, and waits only for its turn.
    setup.engine.lanes.set(endpoint, { ...lane, heldSince: undefined });
    assert.equal((await delivery()).next_attempt_at, null);

    setup.engine.lanes.set(endpoint, {
      waiting: 1,
      retries: 0,
      behindAfter: undefined,
      inFlight: 0,
      heldSince: undefined,
      needsAttention: true,
      reason: "facts_refused",
      nextProbeAt: undefined,
    });
    assert.equal((await delivery()).reason, "facts_refused");

    await setup.call("POST", `/v1/tenants/acme/endpoints/${endpointId}/pause`);
    assert.equal((await delivery()).reason, "paused");

    const offset = offsetOf(setup, id);
    const batch = {
      offsets: [offset],
      requests: 1,
      used: 1,
      dueAt: setup.clock.at + 9000,
      reason: "status_500",
    };
    await setup.flush({
      lanes: [{ endpoint, position: offset, hold: undefined, batch }],
      attempts: [attemptOf(endpoint, offset, { verdict: "retry", reason: "status_500" })],
    });
    const frozen = await delivery();
    assert.deepEqual([frozen.state, frozen.reason], ["retrying", "status_500"]);
    assert.equal(frozen.next_attempt_at, "2026-01-02T03:04:14.006Z");
    assert.deepEqual([frozen.retries_used, frozen.retries_max], [1, 9]);
  });

  test("ids that are none, or another tenant's, are not found", async () => {
    const setup = await setUpApp();
    const { id } = await postEvent(setup, "globex");
    const ours = await makeEndpoint(setup, "acme");
    for (const wrong of [
      id,
      ours.id,
      "evt_",
      "evt_zzzzzzzzzzzzzzzz",
      "evt_0000000000000000",
      "1",
      "%00",
      "..%2f..",
    ]) {
      assertProblem(await setup.call("GET", `${LIST}/${wrong}`), "not_found");
      assertProblem(await setup.call("GET", `${LIST}/${wrong}/deliveries`), "not_found");
    }
  });

  test("an event has one id: the same place in another shard is another id", async () => {
    const setup = await setUpApp();
    const { id } = await postEvent(setup, "acme");
    const place = setup.ports.ids.eventPlaceOf(id);
    assert.ok(place);
    const elsewhere = setup.ports.ids.event({ ...place, shard: place.shard + 1 });
    assert.equal((await setup.call("GET", `${LIST}/${id}`)).status, 200);
    assertProblem(await setup.call("GET", `${LIST}/${elsewhere}`), "not_found");
  });
});
