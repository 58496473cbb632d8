import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { bigints } from "./binary-arrays.ts";
import { findDatabases, NO_POSTGRES, openFresh } from "./databases-fixture.ts";
import { countRows } from "./plan-fixture.ts";
import { READ_GAPS_AT, READ_GAPS_OF } from "./queries/gaps.ts";

const databases = await findDatabases(0);

// Many gaps of one event and some wider ones, each a hundredth of them one endpoint's.
const GAPS = `
  INSERT INTO gap (shard, endpoint, from_offset, to_offset, reason, at)
  SELECT 0, number % 100, number, number, 'cancelled', 0
  FROM generate_series(1, 20000) AS number
  UNION ALL
  SELECT 0, number % 100, number * 10, number * 10 + 5, 'skipped', 0
  FROM generate_series(1, 2000) AS number;
  ANALYZE gap;`;

describe("reading gaps", { skip: databases === undefined && NO_POSTGRES }, () => {
  async function setUp(t: TestContext) {
    const database = await openFresh(t, databases);
    await database.script(GAPS);
    return database;
  }

  test("READ_GAPS_OF() looks at gaps of its endpoint alone, where they are asked for", async (t) => {
    const database = await setUp(t);

    // Three of one event, and no wider one.
    assert.equal(await countRows(database, READ_GAPS_OF, 0, 19_700, 20_000, 7), 3);
  });

  test("READ_GAPS_AT() looks at gaps of the events that are asked for, and at none between", async (t) => {
    const database = await setUp(t);

    const wide = 31;
    assert.equal(
      await countRows(database, READ_GAPS_AT, 0, 19_700, 20_000, bigints([19_700, 20_000])),
      2 + wide,
    );
  });
});
