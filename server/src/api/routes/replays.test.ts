import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assertProblem, makeEndpoint, postEvent, START, setUpApp } from "../app-setup.test.ts";

const LIST = "/v1/tenants/acme/replays";
const SINCE = "2026-01-02T03:00:00.000Z";
const FUTURE = "2027-01-01T00:00:00.000Z";

async function setUp() {
  const setup = await setUpApp();
  const { id } = await makeEndpoint(setup, "acme");
  const number = setup.ports.ids.endpointNumberOf(id) ?? 0;
  const events = [await postEvent(setup, "acme"), await postEvent(setup, "acme", { type: "cart.created" })];
  const offsets = events.map((event) => setup.ports.ids.eventPlaceOf(event.id)?.offset ?? 0);
  const body = { endpoint: id, since: SINCE, only: "all" };
  return { ...setup, id, number, offsets, body };
}

describe("POST /v1/tenants/{tenant}/replays", () => {
  test("stores a replay, which GET shows as it was stored", async () => {
    const { call, id, body, engine } = await setUp();
    const wanted = { ...body, until: "2026-01-02T03:04:05.000Z", types: ["client.*"], rate: 0.5 };
    const made = await call("POST", LIST, { body: wanted });

    assert.equal(made.status, 202, made.text);
    const { id: replay, ...shown } = made.body;
    assert.match(replay, /^rpl_[0-9a-f]{16}$/);
    assert.deepEqual(shown, {
      endpoint_id: id,
      to_endpoint_id: id,
      since: SINCE,
      until: wanted.until,
      only: "all",
      types: ["client.*"],
      rate: 0.5,
      state: "running",
      reason: null,
      position: "2026-01-02T02:59:59.999Z",
      looked_at: 0,
      matched: 0,
      delivered: 0,
      failed: 0,
      passed_over: 0,
      created_at: "2026-01-02T03:04:05.006Z",
      ended_at: null,
    });
    assert.deepEqual((await call("GET", `${LIST}/${replay}`)).body, made.body);
    assert.deepEqual((await call("GET", LIST)).body, { data: [made.body], next_cursor: null });
    assert.equal(engine.noted.length > 0, true);
  });

  test("counts and stores nothing where it is a dry run", async () => {
    const { call, body, flush, number, offsets } = await setUp();
    const dead = { endpoint: number, cursor: 0, offset: offsets[1] ?? 0, reason: "status_500", at: START };
    await flush({ deadLetters: [dead] });
    const count = async (more: object) => {
      const { status, body: answer } = await call("POST", LIST, {
        body: { ...body, ...more, dry_run: true },
      });
      return [status, answer];
    };

    assert.deepEqual(await count({}), [200, { count: 1 }]);
    assert.deepEqual(await count({ only: "dead", types: ["cart.*"] }), [200, { count: 1 }]);
    assert.deepEqual(await count({ only: "dead", types: ["client.updated"] }), [200, { count: 0 }]);
    assert.deepEqual(await count({ only: "dead", until: SINCE.replace("03:00", "03:01") }), [
      200,
      { count: 0 },
    ]);
    assert.deepEqual((await call("GET", LIST)).body.data, []);
  });

  test("names the member that is wrong", async () => {
    const setup = await setUp();
    const { body } = setup;
    const theirs = (await makeEndpoint(setup, "globex")).id;
    const wrong: readonly (readonly [object, string])[] = [
      [{ endpoint: "ep_0000000000000000" }, "/endpoint"],
      [{ endpoint: theirs }, "/endpoint"],
      [{ to: theirs }, "/to"],
      [{ since: "yesterday" }, "/since"],
      [{ since: FUTURE }, "/since"],
      [{ until: SINCE }, "/until"],
      [{ only: "lost" }, "/only"],
      [{ types: ["client.*", "a,b"] }, "/types/1"],
      [{ types: [] }, "/types"],
      [{ rate: 0 }, "/rate"],
      [{ speed: 1 }, "/speed"],
    ];
    for (const [change, pointer] of wrong) {
      assertProblem(await setup.call("POST", LIST, { body: { ...body, ...change } }), "invalid_request", [
        pointer,
      ]);
    }
    assert.deepEqual((await setup.call("GET", LIST)).body.data, []);
  });

  test("is refused for an endpoint that is disabled, and beyond ten that are open", async () => {
    const setup = await setUp();
    const { call, id, body } = setup;
    const other = (await makeEndpoint(setup, "acme", { enabled: false })).id;
    assertProblem(await call("POST", LIST, { body: { ...body, to: other } }), "endpoint_disabled");
    for (let count = 0; count < 10; count += 1) {
      assert.equal((await call("POST", LIST, { body })).status, 202);
    }
    assertProblem(await call("POST", LIST, { body }), "too_many_replays");
    assert.equal((await call("GET", `${LIST}?endpoint=${id}&limit=4`)).body.data.length, 4);
    assertProblem(await call("GET", `${LIST}?endpoint=ep_none`), "not_found");
  });

  test("is listed newest first, in pages", async () => {
    const { call, body } = await setUp();
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      made.unshift((await call("POST", LIST, { body })).body.id);
    }
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const path: string = `${LIST}?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`;
      const { body: page } = await call("GET", path);
      seen.push(...page.data.map(({ id }: { id: string }) => id));
      cursor = page.next_cursor;
    }
    assert.deepEqual(seen, made);
  });
});

describe("pause, resume and cancel", () => {
  test("say what is wanted, as often as it is asked", async () => {
    const { call, body } = await setUp();
    const path = `${LIST}/${(await call("POST", LIST, { body })).body.id}`;
    for (const [verb, state] of [
      ["pause", "paused"],
      ["pause", "paused"],
      ["resume", "running"],
      ["resume", "running"],
    ]) {
      const { status, body: shown } = await call("POST", `${path}/${verb}`);
      assert.deepEqual([status, shown.state], [200, state]);
    }
  });

  test("cannot bring back what is cancelled, or end what is finished", async () => {
    const { call, body, flush, store, number, ports } = await setUp();
    const ended = async (how: "finished" | "cancelled") => {
      const { id } = (await call("POST", LIST, { body })).body;
      const replay = ports.ids.replayNumberOf(id) ?? 0;
      const progress = (await store.findReplay(1, replay))?.progress;
      assert.ok(progress);
      const end = { how, reason: undefined, at: START };
      await flush({ replaying: [{ replay, endpoint: number, progress, ended: end }] });
      return `${LIST}/${id}`;
    };
    const finished = await ended("finished");
    const cancelled = await ended("cancelled");
    for (const verb of ["pause", "resume", "cancel"]) {
      assertProblem(await call("POST", `${finished}/${verb}`), "replay_ended");
    }
    assertProblem(await call("POST", `${cancelled}/resume`), "replay_ended");
    assert.equal((await call("GET", cancelled)).body.state, "cancelled");
  });

  test("show that a replay to a paused endpoint waits", async () => {
    const { call, body, id } = await setUp();
    const path = `${LIST}/${(await call("POST", LIST, { body })).body.id}`;
    await call("POST", `/v1/tenants/acme/endpoints/${id}/pause`);
    const { state, reason } = (await call("GET", path)).body;
    assert.deepEqual([state, reason], ["paused", "endpoint_paused"]);
  });
});

describe("a delivery that only a replay makes", () => {
  test("stands where the replay has brought it, and not as one that is still to come", async () => {
    const setup = await setUp();
    const { call, flush, offsets, ports } = setup;
    const { id } = await makeEndpoint(setup, "acme");
    const endpoint = ports.ids.endpointNumberOf(id) ?? 0;
    const letter = { endpoint, cursor: 2 ** 40, offset: offsets[0] ?? 0, reason: "status_500", at: START };
    await flush({ deadLetters: [letter] });

    const { data } = (await call("GET", `/v1/tenants/acme/deliveries?endpoint=${id}`)).body;

    assert.deepEqual(
      data.map(({ state, reason }: { state: string; reason: string }) => [state, reason]),
      [["dead", "status_500"]],
    );
  });
});

describe("POST …/endpoints/{endpoint}/recover", () => {
  test("offers what was missed, once, and nothing where nothing was", async () => {
    const { call, id, flush, number, offsets } = await setUp();
    const path = `/v1/tenants/acme/endpoints/${id}/recover`;
    assert.deepEqual((await call("POST", path)).body, { missed: 0, replay: null });
    const [from = 0, to = 0] = offsets;
    await flush({ gaps: [{ endpoint: number, from, to, reason: "disabled", at: START }] });

    const first = await call("POST", path);
    const second = await call("POST", path);

    assert.equal(first.status, 202);
    assert.equal(first.body.missed, 2);
    assert.equal(first.body.replay.only, "missed");
    assert.deepEqual(second.body, first.body);
    assert.equal((await call("GET", LIST)).body.data.length, 1);
  });

  test("counts what was missed in very many gaps, each of it alone", async () => {
    const { call, id, flush, number, offsets } = await setUp();
    const gapAt = (offset: number) =>
      ({ endpoint: number, from: offset, to: offset, reason: "skipped", at: START }) as const;
    // More than are looked into, and before all events.
    const gaps = Array.from({ length: 1100 }, (_, index) => gapAt(2 * index + 1));
    await flush({ gaps: [...gaps, gapAt(offsets[1] ?? 0)] });

    const { status, body } = await call("POST", `/v1/tenants/acme/endpoints/${id}/recover`);

    assert.deepEqual([status, body.missed, body.missed_is_at_least], [202, 1, undefined]);
  });

  test("also offers what was not delivered since a time", async () => {
    const { call, id, flush, number, offsets } = await setUp();
    const path = `/v1/tenants/acme/endpoints/${id}/recover`;
    const dead = { endpoint: number, cursor: 0, offset: offsets[0] ?? 0, reason: "status_500", at: START };
    await flush({ deadLetters: [dead] });

    const { status, body } = await call("POST", path, { body: { since: SINCE } });

    assert.deepEqual([status, body.missed, body.replay.only], [202, 1, "undelivered"]);
    assertProblem(await call("POST", path, { body: { since: FUTURE } }), "invalid_request", ["/since"]);
    assertProblem(await call("POST", path, { body: { from: SINCE } }), "invalid_request", ["/from"]);
  });

  test("is refused while the endpoint is disabled", async () => {
    const { call, id } = await setUp();
    await call("POST", `/v1/tenants/acme/endpoints/${id}/disable`);
    assertProblem(await call("POST", `/v1/tenants/acme/endpoints/${id}/recover`), "endpoint_disabled");
  });
});
