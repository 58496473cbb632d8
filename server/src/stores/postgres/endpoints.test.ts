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
  WHERE relation = 'endpoint_version'::regclass
    AND NOT granted`;

const CHANGE = `
  WITH configured AS (
    UPDATE endpoint SET config = jsonb_set(config::jsonb, '{description}', '"changed"')::text
  )
  INSERT INTO endpoint_version (shard, endpoint, since, change, state)
  SELECT shard, endpoint, since + 1, change + 1000, 'paused'
  FROM endpoint_version`;

describe("reading the endpoints of a tenant", { skip: databases === undefined && NO_POSTGRES }, () => {
  test("finds them as they were at one moment, whatever changes while they are read", async (t) => {
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
      await session.run("LOCK TABLE endpoint_version IN ACCESS EXCLUSIVE MODE");
      const reading = Promise.all([stores.readRoutes(tenant.number), stores.readEndpoints(tenant.number)]);
      let waiting: readonly unknown[] = [];
      while (waiting.length < 2) {
        waiting = await changing.rows(WAITING);
      }
      await session.run(CHANGE);
      return { reading };
    });
    const [routes, [known]] = await read.reading;

    assert.deepEqual(routes?.endpoints, [endpoint]);
    assert.deepEqual({ ...known, secrets: endpoint.secrets }, endpoint);
    const [changed] = (await stores.readRoutes(tenant.number))?.endpoints ?? [];
    assert.equal(changed?.config.description, "changed");
    assert.equal(changed?.versions.length, 2);
  });
});
