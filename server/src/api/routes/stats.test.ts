import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  ALL_TENANTS,
  bucketOf,
  type Counts,
  emptyCounts,
  HOUR_SECONDS,
  MINUTE_SECONDS,
  type StatRow,
  startOf,
} from "../../model/stat.ts";
import { makeKey, START, setUpApp } from "../app-setup.test.ts";

const MINUTE_MS = MINUTE_SECONDS * 1000;
const ACME = 1;
const MINUTE = startOf(START, MINUTE_SECONDS);

function rowOf(row: Partial<StatRow>, counts: Partial<Counts>): StatRow {
  const place = { tenant: ACME, seconds: MINUTE_SECONDS, at: MINUTE } as const;
  return { ...place, ...row, counts: { ...emptyCounts(), ...counts } };
}

async function setup(rows: readonly StatRow[] = []) {
  const made = await setUpApp();
  await made.flush({ stats: [{ countedTo: 0, rows }] });
  return made;
}

const PATH = "/v1/tenants/acme/stats";

describe("GET …/stats", () => {
  test("adds up what was counted, and says it by the minute", async () => {
    const durations = emptyCounts().durations.map((_, bucket) => (bucket === bucketOf(40) ? 4 : 0));
    const { call } = await setup([
      rowOf({}, { accepted: 5, firstTried: 5, deliveredFirst: 3, deliveredLater: 1, durations }),
      rowOf({ at: MINUTE - 3 * MINUTE_MS }, { accepted: 2, dead: 1, rejected: 2, attempts: 9 }),
      rowOf({ at: MINUTE - 61 * MINUTE_MS }, { accepted: 100 }),
      rowOf({ tenant: 2 }, { accepted: 1000 }),
    ]);
    const { status, body } = await call("GET", PATH);
    assert.equal(status, 200);
    assert.equal(body.resolution, "minute");
    assert.equal(body.until, new Date(START).toISOString());
    assert.deepEqual(
      body.points.map(({ at, accepted }: { at: string; accepted: number }) => [at, accepted]),
      [
        [new Date(MINUTE - 3 * MINUTE_MS).toISOString(), 2],
        [new Date(MINUTE).toISOString(), 5],
      ],
    );
    const { accepted_to_delivered: times, ...total } = body.total;
    assert.deepEqual(total, {
      accepted: 7,
      first_tried: 5,
      delivered: 4,
      delivered_first_try: 3,
      rejected: 2,
      dead: 1,
      replayed: 0,
      attempts: 9,
      attempts_failed: 0,
    });
    assert.ok(times.p50_ms > 30 && times.p99_ms <= 50, JSON.stringify(times));
    assert.equal(body.points[0].accepted_to_delivered.p50_ms, null);
  });

  test("says hours of what is older than minutes are kept, and where they are asked for", async () => {
    const at = startOf(START - 50 * 3_600_000, HOUR_SECONDS);
    const { call } = await setup([rowOf({ seconds: HOUR_SECONDS, at }, { accepted: 8 })]);
    const since = new Date(at + 60_000).toISOString();
    const { body } = await call("GET", `${PATH}?since=${since}`);
    assert.equal(body.resolution, "hour");
    assert.equal(body.since, new Date(at).toISOString());
    assert.equal(body.total.accepted, 8);
    assert.equal((await call("GET", `${PATH}?since=${since}&resolution=minute`)).body.total.accepted, 0);
  });

  test("says what is wrong with a range", async () => {
    const { call } = await setup();
    for (const [query, pointer] of [
      ["since=yesterday", "?since"],
      ["until=2026-13-01", "?until"],
      ["since=2026-02-01T00:00:00Z", "?since"],
      ["since=1971-01-01T00:00:00Z", "?since"],
      ["resolution=day", "?resolution"],
    ] as const) {
      const { status, body } = await call("GET", `${PATH}?${query}`);
      assert.equal(status, 422, query);
      assert.equal(body.errors[0].pointer, pointer);
    }
  });

  test("is for keys that read deliveries, of the tenant", async () => {
    const setupOfKeys = await setup();
    const { call } = setupOfKeys;
    const reads = await makeKey(setupOfKeys, "acme", ["deliveries:read"]);
    const sends = await makeKey(setupOfKeys, "acme", ["events:write"]);
    const other = await makeKey(setupOfKeys, "globex");
    for (const path of [PATH, `${PATH}/now`]) {
      assert.equal((await call("GET", path, { key: reads })).status, 200);
      assert.equal((await call("GET", path, { key: sends })).status, 403);
      assert.equal((await call("GET", path, { key: other })).status, 404);
    }
  });
});

describe("GET /v1/stats", () => {
  test("says what was counted of all tenants together, to admins", async () => {
    const setupOfKeys = await setup([
      rowOf({ tenant: ALL_TENANTS }, { accepted: 12 }),
      rowOf({}, { accepted: 5 }),
    ]);
    const { call } = setupOfKeys;
    assert.equal((await call("GET", "/v1/stats")).body.total.accepted, 12);
    const key = await makeKey(setupOfKeys, "acme");
    assert.equal((await call("GET", "/v1/stats", { key })).status, 403);
    assert.equal((await call("GET", "/v1/stats/now", { key })).status, 403);
  });
});

describe("GET …/stats/now", () => {
  test("says what waits of the tenant", async () => {
    const { call } = await setup();
    assert.deepEqual((await call("GET", `${PATH}/now`)).body, {
      in_flight: ACME,
      deliveries_waiting_at_least: 7,
      endpoints_waiting: 2,
      lanes_held: 0,
      lanes_stopped: 0,
      oldest_due_at: new Date(START - 3000).toISOString(),
    });
  });

  test("says of all tenants where other nodes deliver, too", async () => {
    const { call, engine } = await setup();
    assert.equal((await call("GET", "/v1/stats/now")).body.is_partial, undefined);
    engine.isElsewhere = true;
    assert.equal((await call("GET", "/v1/stats/now")).body.is_partial, true);
  });
});
