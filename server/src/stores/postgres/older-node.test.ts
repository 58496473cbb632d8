/** A node of this version, over a database that a newer one has migrated meanwhile. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { systemRandom } from "../../random.ts";
import { endpointDraft, factsOf, sampleLane, storeEvents } from "../conformance/samples.ts";
import { START, setUp } from "../conformance/setup.ts";
import { openDatabase } from "./database.ts";
import { findDatabases, NO_POSTGRES } from "./databases-fixture.ts";
import { MIGRATIONS, migrate } from "./migrate.ts";
import { openPostgresStore } from "./open.ts";
import { clockTime } from "./time.ts";

const databases = await findDatabases(START);

/** What only this test has: a column everywhere, a table, and a reason of gaps. */
const EXPANDS = `
  ALTER TABLE event ADD COLUMN colour TEXT DEFAULT 'red';
  ALTER TABLE endpoint ADD COLUMN colour TEXT DEFAULT 'red';
  ALTER TABLE lane ADD COLUMN colour TEXT DEFAULT 'red';
  CREATE TABLE colour (shard INTEGER, name TEXT);
  INSERT INTO colour VALUES (0, 'red');
  ALTER TABLE gap DROP CONSTRAINT gap_reason_check;`;

const GAP_OF_A_LATER_REASON = `
  INSERT INTO gap (shard, endpoint, from_offset, reason, to_offset, at)
  VALUES (0, 1, 10, 'thinned', 20, 0)`;

describe("a node that runs while a newer one migrates", () => {
  test("goes on, and leaves what it does not know alone", {
    skip: databases === undefined && NO_POSTGRES,
  }, async (t) => {
    assert.ok(databases !== undefined);
    const { url, drop } = await databases.create();
    const open: Parameters<typeof setUp>[0] = async ({ clock }) => {
      const ports = { clock, random: systemRandom, offsetTime: clockTime(clock), shards: 1, holder: "t" };
      const stores = await openPostgresStore({ url, ...ports });
      return { stores, reopen: () => assert.fail("it is not opened again") };
    };
    const { stores, lease, tenant } = await setUp(open, t);
    const newer = openDatabase({ url, name: "newer", connectionsMax: 1 });
    t.after(async () => {
      await Promise.all([stores.close(), newer.close()]);
      await drop();
    });
    const endpoint = await stores.createEndpoint(endpointDraft(tenant.number));
    assert.ok(endpoint !== undefined);
    const { number } = endpoint;
    await stores.flush(lease, factsOf({ lanes: [sampleLane({ endpoint: number, position: 5 })] }));

    await migrate(newer, START, {
      migrations: [...MIGRATIONS, { number: MIGRATIONS.length + 1, sql: EXPANDS }],
    });
    await newer.run("UPDATE endpoint SET colour = 'blue'");
    await newer.run("UPDATE lane SET colour = 'blue'");
    await newer.run(GAP_OF_A_LATER_REASON);

    const [event] = await storeEvents(stores, tenant.number, [{}]);
    assert.deepEqual(await stores.readEvents(0, [event?.offset ?? 0]), [event]);
    const change = { tenant: tenant.number, endpoint: number, now: START };
    assert.ok(await stores.updateEndpoint({ ...change, state: "paused" }));
    assert.equal(
      await stores.flush(lease, factsOf({ lanes: [sampleLane({ endpoint: number, position: 9 })] })),
      "flushed",
    );
    const { gaps } = await stores.readSettled({ lease: 0, after: 0, to: 1000, endpoint: 1 });
    assert.deepEqual(
      gaps.map(({ from, to }) => [from, to]),
      [[10, 20]],
    );
    const colours = await newer.rows(`
        SELECT colour FROM endpoint
        UNION ALL SELECT colour FROM lane
        UNION ALL SELECT name FROM colour
        UNION ALL SELECT reason FROM gap`);
    assert.deepEqual(
      colours.map(({ colour }) => colour),
      ["blue", "blue", "red", "thinned"],
    );
  });
});
