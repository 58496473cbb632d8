import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { bigints } from "./binary-arrays.ts";
import type { Value } from "./database.ts";
import { findDatabases, NO_POSTGRES, openFresh } from "./databases-fixture.ts";
import { countRows } from "./plan-fixture.ts";
import { SCAN_ANSWERS, SCAN_DEAD_LETTERS, SCAN_PAYLOADS } from "./queries/ageing.ts";
import { ERASE_ANSWERS, ERASE_EVENTS, ERASE_KEY_HASHES } from "./queries/erasure.ts";
import { READ_ATTEMPTS_AT } from "./queries/facts.ts";
import { READ_EVENTS, READ_LISTED_EVENTS, SCAN_EVENTS, SCAN_UNSETTLED } from "./queries/log.ts";

const databases = await findDatabases(0);

const EVENTS = 100_000;
const KEYS = 1000;

// As soon as they are stored, before the planner knows anything of them.
const NEW_FACTS = `
  ALTER TABLE event_default SET (autovacuum_enabled = false);
  ALTER TABLE attempt_default SET (autovacuum_enabled = false);
  ALTER TABLE dead_letter_default SET (autovacuum_enabled = false);
  INSERT INTO event (shard, "offset", tenant, type, data)
  SELECT 0, number, 1, 'a', ''
  FROM generate_series(1, ${EVENTS}) AS number;
  INSERT INTO attempt (shard, "offset", endpoint, cursor, number, started_at, duration_ms, verdict)
  SELECT 0, number, number % 50, 0, 1, 0, 0, 'delivered'
  FROM generate_series(1, ${EVENTS}) AS number;
  INSERT INTO dead_letter (shard, "offset", endpoint, cursor, reason, at)
  SELECT 0, number, number % 50, 0, 'a', 0
  FROM generate_series(1, ${EVENTS}) AS number;
  INSERT INTO event_key (shard, key, tenant, first_offset, count, hash, expires_at)
  SELECT 0, number::text, 1, number * 100, 20, 'a', 0
  FROM generate_series(1, ${KEYS}) AS number;`;

const LEARN = `
  ANALYZE event;
  ANALYZE attempt;
  ANALYZE dead_letter;`;

const ASKED = Array.from({ length: 1000 }, (_, place) => 50 + place * 90);

// Itself, and some facts about it.
const ROWS_EACH_MAX = 8;

describe("plans", { skip: databases === undefined && NO_POSTGRES }, () => {
  async function setUp(t: TestContext) {
    const database = await openFresh(t, databases);
    await database.script(NEW_FACTS);
    /** Runs a statement, takes back what it changed, and counts the rows that it has looked at. */
    async function lookedAt(statement: string, ...values: readonly Value[]): Promise<number> {
      return await database.transaction(async (session) => {
        await session.script("SAVEPOINT before");
        const rows = await countRows(session, statement, ...values);
        await session.script("ROLLBACK TO before");
        return rows;
      });
    }
    return { database, lookedAt };
  }

  for (const [when, learn] of [
    ["knows nothing of the log yet", ""],
    ["knows how long the log is", LEARN],
  ] as const) {
    test(`what is asked for is looked up, where the planner ${when}`, async (t) => {
      const { database, lookedAt } = await setUp(t);
      await database.script(learn);
      const asked = bigints(ASKED);
      const some = [0, 0, EVENTS, ASKED.length, asked] as const;
      const page = [0, 40_000, EVENTS, ASKED.length, 100] as const;
      for (const [name, statement, ...values] of [
        ["SCAN_EVENTS", SCAN_EVENTS.some, ...some],
        ["SCAN_UNSETTLED", SCAN_UNSETTLED.some, ...some, 1, 7],
        ["READ_ATTEMPTS_AT", READ_ATTEMPTS_AT, 0, asked, 7],
        ["READ_EVENTS", READ_EVENTS, 0, asked],
        ["READ_LISTED_EVENTS", READ_LISTED_EVENTS, 0, asked],
        ["SCAN_PAYLOADS", SCAN_PAYLOADS, ...page],
        ["SCAN_ANSWERS", SCAN_ANSWERS, ...page],
        ["SCAN_DEAD_LETTERS", SCAN_DEAD_LETTERS, ...page],
        ["ERASE_EVENTS", ERASE_EVENTS, 0, asked, 1],
        ["ERASE_ANSWERS", ERASE_ANSWERS, 0, asked],
      ] as const) {
        const rows = await lookedAt(statement, ...values);
        assert.ok(rows <= ASKED.length * ROWS_EACH_MAX, `${name} looks at ${rows} rows`);
      }
    });
  }

  test("ERASE_KEY_HASHES looks at each of a tenant's keys once, however much is erased", async (t) => {
    const { lookedAt } = await setUp(t);

    const rows = await lookedAt(ERASE_KEY_HASHES, 0, 1, bigints(ASKED));

    assert.ok(rows <= KEYS * ROWS_EACH_MAX, `it looks at ${rows} rows`);
  });
});
