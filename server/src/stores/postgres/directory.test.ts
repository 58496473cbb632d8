import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import type { IndexedEvent } from "../../facts.ts";
import { bigints } from "./binary-arrays.ts";
import { type Database, openDatabase, type Value } from "./database.ts";
import { findDatabases, NO_POSTGRES } from "./databases-fixture.ts";
import { putBlocks } from "./directory.ts";
import { SCAN_BLOCKS } from "./queries/directory.ts";
import { READ_ATTEMPTS_AT } from "./queries/facts.ts";
import { SCAN_EVENTS, SCAN_UNSETTLED } from "./queries/log.ts";

const databases = await findDatabases(0);

// As a node of before writes them.
const FORGET_TENANTS = `
  UPDATE directory
  SET tenants = NULL
  WHERE after_offset = 10`;

const EVENTS = `
  INSERT INTO event (shard, "offset", tenant, type, data)
  SELECT 0, number, 1, 'a', ''
  FROM generate_series(1, 20000) AS number;
  ANALYZE event;`;

// As a plan is that is kept for whatever comes.
const PLAN_ONCE = `
  SET plan_cache_mode = force_generic_plan;
  PREPARE scan AS ${SCAN_EVENTS.some}`;

// As soon as they are stored, before the planner knows anything of them.
const NEW_EVENTS = `
  ALTER TABLE event_default SET (autovacuum_enabled = false);
  ALTER TABLE attempt_default SET (autovacuum_enabled = false);
  INSERT INTO event (shard, "offset", tenant, type, data)
  SELECT 0, number, 1, 'a', ''
  FROM generate_series(1, 100000) AS number;
  INSERT INTO attempt (shard, "offset", endpoint, cursor, number, started_at, duration_ms, verdict)
  SELECT 0, number, number % 50, 0, 1, 0, 0, 'delivered'
  FROM generate_series(1, 100000) AS number;`;

const SOME = Array.from({ length: 60 }, (_, place) => 50 + place * 1500);

async function openFresh(t: TestContext): Promise<Database> {
  assert.ok(databases);
  const { url, drop } = await databases.create();
  const database = openDatabase({ url, name: "posthorn tests", connectionsMax: 1 });
  t.after(async () => {
    await database.close();
    await drop();
  });
  return database;
}

describe("the directory on PostgreSQL", { skip: databases === undefined && NO_POSTGRES }, () => {
  test("gives blocks that have something of the tenant, or do not say whose events they have", async (t) => {
    const database = await openFresh(t);
    const eventOf = (tenant: number, offset: number): IndexedEvent => ({
      tenant,
      offset,
      type: "a",
      subject: undefined,
      to: undefined,
    });
    const blocks = [
      { after: 0, to: 10, events: [eventOf(1, 4), eventOf(12, 5)] },
      { after: 10, to: 20, events: [eventOf(1, 14)] },
      { after: 20, to: 30, events: [eventOf(1, 24)] },
      { after: 30, to: 40, events: [] },
    ];
    await putBlocks(database, 0, { blocks, hashSubject: () => 1 });
    const givenTo = async (tenant: number) => {
      const rows = await database.rows(SCAN_BLOCKS, 0, 0, 40, 10, tenant);
      return rows.filter(({ block }) => block !== null).map((row) => row["after_offset"]);
    };

    assert.deepEqual(await givenTo(1), [0, 10, 20]);
    assert.deepEqual(await givenTo(12), [0]);
    assert.deepEqual(await givenTo(2), []);
    await database.run(FORGET_TENANTS);
    assert.deepEqual(await givenTo(2), [10]);
  });

  test("SCAN_EVENTS looks at the events that it is asked for, also by a plan that is kept", async (t) => {
    const database = await openFresh(t);
    await database.script(EVENTS);
    await database.script(PLAN_ONCE);

    const [row] = await database.rows(
      "EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE scan (0, 0, 20000, 100, '{7,9000}')",
    );

    const plan = JSON.stringify(row?.["QUERY PLAN"]);
    assert.match(plan, /"Actual Rows":2\b/);
    assert.doesNotMatch(plan, /"Rows Removed by Filter":[1-9]/);
  });

  test("what is asked for is looked up, also where the planner knows nothing of the log yet", async (t) => {
    const database = await openFresh(t);
    await database.script(NEW_EVENTS);
    /** Runs a statement, and counts the blocks that it has looked into. */
    async function countBlocks(statement: string, ...values: readonly Value[]): Promise<number> {
      const explain = `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${statement}`;
      const [row] = await database.rows(explain, ...values);
      const explained = row?.["QUERY PLAN"] as readonly { readonly Plan: Readonly<Record<string, number>> }[];
      const { "Shared Hit Blocks": hit = 0, "Shared Read Blocks": read = 0 } = explained[0]?.Plan ?? {};
      return hit + read;
    }
    const offsets = bigints(SOME);
    const scanned = [0, 0, 100_000, 100, offsets] as const;
    // Each is looked up by itself in one or two tables: some blocks each, of more than a thousand.
    const most = SOME.length * 12;

    assert.ok((await countBlocks(SCAN_EVENTS.some, ...scanned)) < most);
    assert.ok((await countBlocks(SCAN_UNSETTLED.some, ...scanned, 1, 7)) < most);
    assert.ok((await countBlocks(READ_ATTEMPTS_AT, 0, offsets, 7)) < most);
  });
});
