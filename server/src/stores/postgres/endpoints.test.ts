import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { systemClock } from "../../clock.ts";
import { systemRandom } from "../../random.ts";
import { endpointDraft } from "../conformance/samples.ts";
import { createEndpoint, createTenant } from "../conformance/setup.ts";
import { openDatabase } from "./database.ts";
import { findDatabases, NO_POSTGRES } from "./databases-fixture.ts";
import { openPostgresStore } from "./open.ts";

const databases = await findDatabases(Date.now());

const WAITING = `
  SELECT 1
  FROM pg_locks
  WHERE relation = 'secret'::regclass
    AND NOT granted`;

const CHANGE = `
  WITH configured AS (
    UPDATE endpoint SET config = jsonb_set(config::jsonb, '{description}', '"changed"')::text
  )
  INSERT INTO endpoint_version (shard, endpoint, since, change, state)
  SELECT shard, endpoint, since + 1, change + 1000, 'paused'
  FROM endpoint_version`;

describe("readEndpointsOf()", { skip: databases === undefined && NO_POSTGRES }, () => {
  test("reads endpoints as they were at one moment, whatever changes while it reads", async (t) => {
    const created = await databases?.create();
    assert.ok(created);
    const { url } = created;
    const stores = await openPostgresStore({ url, clock: systemClock, random: systemRandom });
    const changing = openDatabase({ url, name: "tests", connectionsMax: 2 });
    t.after(async () => {
      await Promise.all([stores.close(), changing.close()]);
      await created.drop();
    });
    const tenant = await createTenant(stores, "acme");
    const endpoint = await createEndpoint(stores, endpointDraft(tenant.number));

    const read = await changing.transaction(async (session) => {
      await session.run("LOCK TABLE secret IN ACCESS EXCLUSIVE MODE");
      const reading = stores.readRoutes(tenant.number);
      let waiting: readonly unknown[] = [];
      while (waiting.length === 0) {
        waiting = await changing.rows(WAITING);
      }
      await session.run(CHANGE);
      return { reading };
    });
    const routes = await read.reading;

    assert.deepEqual(routes?.endpoints, [endpoint]);
    const [changed] = (await stores.readRoutes(tenant.number))?.endpoints ?? [];
    assert.equal(changed?.config.description, "changed");
    assert.equal(changed?.versions.length, 2);
  });
});
