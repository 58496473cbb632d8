import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { offsetAt } from "../../model/offset.ts";
import { assertProblem, makeEndpoint, postEvent, START, setUpApp } from "../app-setup.test.ts";

const LATER = "2026-01-02T04:00:00.000Z";

async function setUp() {
  const setup = await setUpApp();
  const endpoint = await makeEndpoint(setup, "acme");
  const path = `/v1/tenants/acme/endpoints/${endpoint.id}`;
  const number = setup.ports.ids.endpointNumberOf(endpoint.id) ?? 0;
  const events = [
    await postEvent(setup, "acme"),
    await postEvent(setup, "acme"),
    await postEvent(setup, "acme"),
  ];
  const offsets = events.map(({ id }) => setup.ports.ids.eventPlaceOf(id)?.offset ?? 0);
  return { ...setup, path, number, events, offsets };
}

describe("POST …/skip", () => {
  test("asks for the head without a body, for a place with one", async () => {
    const { call, engine, path, number, events, offsets } = await setUp();
    for (const body of [undefined, {}, null, { until: LATER }, { event: events[1]?.id, until: null }]) {
      const { status, body: answer } = await call("POST", `${path}/skip`, { body });
      assert.deepEqual([status, answer], [200, { skipped: 0 }]);
    }
    assert.deepEqual(
      engine.skips,
      [undefined, undefined, undefined, offsetAt(Date.parse(LATER)) - 1, offsets[1]].map((to) => ({
        endpoint: number,
        to,
      })),
    );
  });

  test("answers how many deliveries were skipped, which the endpoint shows as missed", async () => {
    const { call, engine, flush, path, number, events, offsets } = await setUp();
    const [from = 0, to = 0] = offsets;
    await flush({ gaps: [{ endpoint: number, from, to, reason: "skipped", at: START }] });
    engine.skipAnswer = { kind: "skipped", from, to };

    const { body } = await call("POST", `${path}/skip`, { body: { event: events[1]?.id } });

    assert.deepEqual(body, { skipped: 2 });
    assert.equal((await call("GET", path)).body.missed, 2);
  });

  test("refuses what names no place or two, and what is no time, by its member", async () => {
    const { call, engine, path, events } = await setUp();
    assertProblem(await call("POST", `${path}/skip`, { body: { until: "soon" } }), "invalid_request", [
      "/until",
    ]);
    const both = { until: LATER, event: events[0]?.id };
    assertProblem(await call("POST", `${path}/skip`, { body: both }), "invalid_request", ["/event"]);
    assertProblem(await call("POST", `${path}/skip`, { body: { to: 1 } }), "invalid_request", ["/to"]);
    assert.deepEqual(engine.skips, []);
    engine.skipAnswer = { kind: "no_head" };
    assertProblem(await call("POST", `${path}/skip`), "invalid_request", [""]);
  });

  test("says why nothing can be skipped now", async () => {
    const { call, engine, path } = await setUp();
    engine.skipAnswer = { kind: "in_flight" };
    assertProblem(await call("POST", `${path}/skip`), "delivery_in_flight");
    engine.skipAnswer = { kind: "stopped" };
    assertProblem(await call("POST", `${path}/skip`), "endpoint_needs_attention");
  });

  test("does not know another tenant's event", async () => {
    const setup = await setUp();
    const { id } = await postEvent(setup, "globex");
    assertProblem(await setup.call("POST", `${setup.path}/skip`, { body: { event: id } }), "not_found");
    assert.deepEqual(setup.engine.skips, []);
  });
});

describe("what an endpoint missed", () => {
  test("is what disabling ended, and what came while it was disabled", async () => {
    const setup = await setUp();
    const { call, flush, path, number, offsets } = setup;
    const gap = { endpoint: number, from: offsets[1] ?? 0, to: offsets[2] ?? 0, at: START };
    assert.equal((await call("GET", path)).body.missed, 0);
    assert.equal((await call("POST", `${path}/disable`)).status, 200);
    await flush({ gaps: [{ ...gap, reason: "disabled" }] });
    await postEvent(setup, "acme");
    assert.equal((await call("POST", `${path}/enable`)).status, 200);
    await postEvent(setup, "acme");

    assert.equal((await call("GET", path)).body.missed, 3);
  });

  test("is not what was cancelled or expired", async () => {
    const { call, flush, path, number, offsets } = await setUp();
    const gap = { endpoint: number, from: offsets[0] ?? 0, to: offsets[0] ?? 0, at: START };
    const reasons = ["cancelled", "expired", "superseded", "erased"] as const;
    await flush({ gaps: reasons.map((reason) => ({ ...gap, reason })) });

    assert.equal((await call("GET", path)).body.missed, 0);
  });
});
