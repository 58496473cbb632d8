import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { describe, test } from "node:test";
import { migrate } from "./migrate.ts";
import { READ_GAPS, READ_GAPS_AT, READ_GAPS_OF } from "./queries/gaps.ts";

describe("reading gaps", () => {
  function planOf(statement: string): readonly string[] {
    using database = new DatabaseSync(":memory:");
    migrate(database, 0);
    const steps = database.prepare(`EXPLAIN QUERY PLAN ${statement}`).all();
    return steps.map(({ detail }) => String(detail)).filter((detail) => / gap /.test(detail));
  }

  test("READ_GAPS_OF() looks at gaps of its endpoint alone, where they are asked for", () => {
    assert.deepEqual(planOf(READ_GAPS_OF), [
      "SEARCH gap USING PRIMARY KEY (endpoint=? AND from_offset>? AND from_offset<?)",
      "SEARCH gap USING INDEX gap_of_many_of_endpoint (endpoint=? AND to_offset>?)",
    ]);
  });

  test("READ_GAPS_AT() looks at gaps of the events that are asked for, and at none between", () => {
    assert.deepEqual(planOf(READ_GAPS_AT), [
      "SEARCH gap USING INDEX gap_of_one (to_offset=?)",
      "SEARCH gap USING INDEX gap_of_many (to_offset>?)",
    ]);
  });

  test("READ_GAPS() looks at gaps of one event from one offset to another", () => {
    assert.deepEqual(planOf(READ_GAPS), [
      "SEARCH gap USING INDEX gap_of_one (to_offset>? AND to_offset<?)",
      "SEARCH gap USING INDEX gap_of_many (to_offset>?)",
    ]);
  });
});
