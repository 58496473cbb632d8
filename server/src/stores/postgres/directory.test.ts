import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { IndexedEvent } from "../../facts.ts";
import { findDatabases, NO_POSTGRES, openFresh } from "./databases-fixture.ts";
import { putBlocks } from "./directory.ts";
import { SCAN_BLOCKS } from "./queries/directory.ts";
import { SCAN_EVENTS } from "./queries/log.ts";

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

describe("the directory on PostgreSQL", { skip: databases === undefined && NO_POSTGRES }, () => {
  test("gives blocks that have something of the tenant, or do not say whose events they have", async (t) => {
    const database = await openFresh(t, databases);
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
    const database = await openFresh(t, databases);
    await database.script(EVENTS);
    await database.script(PLAN_ONCE);

    const [row] = await database.rows(
      "EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE scan (0, 0, 20000, 100, '{7,9000}')",
    );

    const plan = JSON.stringify(row?.["QUERY PLAN"]);
    assert.match(plan, /"Actual Rows":2\b/);
    assert.doesNotMatch(plan, /"Rows Removed by Filter":[1-9]/);
  });
});
