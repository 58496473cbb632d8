import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Open, setUp } from "./setup.ts";

/** What a store runs on. */
export function describeSurvey(open: Open): void {
  describe("survey", () => {
    test("survey() tells of a database that has what this version needs, and of every lease", async (t) => {
      const { stores, lease } = await setUp(open, t);
      const { database, migrations, nodes, leases } = await stores.survey();

      assert.equal(migrations.applied, migrations.known);
      assert.deepEqual(
        [database.bytes > 0, database.version !== undefined],
        [migrations.known > 0, migrations.known > 0],
      );
      assert.deepEqual(
        leases.map((each) => each.lease),
        stores.leases(),
      );
      assert.equal(leases.find((each) => each.lease === lease.id)?.epoch, lease.epoch);
      assert.equal(nodes?.length ?? 0, 0);
    });
  });
}
