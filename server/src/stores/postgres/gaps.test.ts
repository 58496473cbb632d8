import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { bigints } from "./binary-arrays.ts";
import { openDatabase, type Value } from "./database.ts";
import { findDatabases, NO_POSTGRES } from "./databases-fixture.ts";
import { migrate } from "./migrate.ts";
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

interface Node {
  readonly "Relation Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly "Rows Removed by Index Recheck"?: number;
  readonly Plans?: readonly Node[];
}

/** How many rows of the table a plan has looked at. */
function rowsRead(node: Node): number {
  const own =
    node["Relation Name"] === "gap"
      ? node["Actual Rows"] * node["Actual Loops"] +
        (node["Rows Removed by Filter"] ?? 0) +
        (node["Rows Removed by Index Recheck"] ?? 0)
      : 0;
  return own + (node.Plans ?? []).reduce((sum, plan) => sum + rowsRead(plan), 0);
}

describe("reading gaps", { skip: databases === undefined && NO_POSTGRES }, () => {
  async function setUp(t: TestContext) {
    assert.ok(databases);
    const { url, drop } = await databases.create();
    const database = openDatabase({ url, name: "posthorn tests", connectionsMax: 1 });
    t.after(async () => {
      await database.close();
      await drop();
    });
    await migrate(database, 0);
    await database.script(GAPS);
    /** Runs a statement, and counts the rows that it has looked at. */
    async function countRows(statement: string, ...values: readonly Value[]): Promise<number> {
      const [row] = await database.rows(`EXPLAIN (ANALYZE, FORMAT JSON) ${statement}`, ...values);
      const explained = row?.["QUERY PLAN"] as readonly { readonly Plan: Node }[] | undefined;
      assert.ok(explained?.[0]);
      return rowsRead(explained[0].Plan);
    }
    return { countRows };
  }

  test("READ_GAPS_OF() looks at gaps of its endpoint alone, where they are asked for", async (t) => {
    const { countRows } = await setUp(t);

    // Three of one event, and no wider one.
    assert.equal(await countRows(READ_GAPS_OF, 0, 19_700, 20_000, 7), 3);
  });

  test("READ_GAPS_AT() looks at gaps of the events that are asked for, and at none between", async (t) => {
    const { countRows } = await setUp(t);

    const wide = 31;
    assert.equal(await countRows(READ_GAPS_AT, 0, 19_700, 20_000, bigints([19_700, 20_000])), 2 + wide);
  });
});
