import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, type TestContext, test } from "node:test";
import { type EndpointShape, type Installation, install, until } from "./installation.ts";
import { startReceiver } from "./receiver.ts";
import { deliveryOf, makeEndpoint, postEvents } from "./steps.ts";

interface StoppedShape extends EndpointShape {
  readonly lane: EndpointShape["lane"] & { readonly needs_attention: boolean };
}

/** What is done to the rows of the newest endpoint, and the reason that its lane shows. */
const DAMAGES: readonly (readonly [what: string, sql: string, reason: string])[] = [
  [
    "a configuration that is no JSON",
    "UPDATE endpoint SET config = '{' WHERE number = ?",
    "endpoint_unreadable",
  ],
  [
    "a configuration of another shape",
    "UPDATE endpoint SET config = '[]' WHERE number = ?",
    "endpoint_unreadable",
  ],
  [
    "no requests in flight allowed",
    "UPDATE endpoint SET config = json_set(config, '$.maxInFlight', 0) WHERE number = ?",
    "endpoint_unreadable",
  ],
  [
    "a schedule that goes back in time",
    `UPDATE endpoint SET config = json_set(config, '$.retry', json('{"delaysMs":[-5],"jitter":0}'))
     WHERE number = ?`,
    "endpoint_unreadable",
  ],
  [
    "a URL that is none",
    "UPDATE endpoint SET config = json_set(config, '$.url', 'nowhere') WHERE number = ?",
    "url_unreadable",
  ],
  [
    "a state of a later version",
    "UPDATE endpoint_version SET state = 'resting' WHERE endpoint = ?",
    "endpoint_unreadable",
  ],
  [
    "a subscription that is no list",
    "UPDATE endpoint_version SET event_types = '{}' WHERE endpoint = ?",
    "endpoint_unreadable",
  ],
  ["no version at all", "DELETE FROM endpoint_version WHERE endpoint = ?", "endpoint_unreadable"],
  ["a contract that is gone", "UPDATE endpoint SET contract = 'gone' WHERE number = ?", "contract_unknown"],
  [
    "a secret that does not open",
    "UPDATE secret SET sealed = zeroblob(length(sealed)) WHERE endpoint = ?",
    "secret_unreadable",
  ],
  [
    "a hold of another shape",
    `INSERT INTO lane (endpoint, position, hold) VALUES (?, 0, '{"since":"yesterday"}')
     ON CONFLICT DO UPDATE SET hold = excluded.hold`,
    "lane_unreadable",
  ],
  [
    "a frozen batch of another shape",
    `INSERT INTO lane (endpoint, position, batch) VALUES (?, 0, '{"offsets":7}')
     ON CONFLICT DO UPDATE SET batch = excluded.batch`,
    "lane_unreadable",
  ],
];

/** Damages that say nothing of any one lane, and stop none. */
const HARMLESS: readonly (readonly [what: string, sql: string])[] = [
  ["a gap with a reason of a later version", "INSERT INTO gap VALUES (?, 1, 'evaporated', 2, 3)"],
  [
    "a replay whose types are no texts",
    `INSERT INTO range_replay
       (tenant, source, endpoint, from_offset, to_offset, chosen_by, types, changes, created_at, position)
     SELECT tenant, number, number, 1, 2, 'all', '[1]', 0, 0, 0 FROM endpoint WHERE number = ?`,
  ],
  ["a tenant with a mode of a later version", "UPDATE tenant SET validation = 'guess' WHERE ? > 0"],
];

describe("of rows that are damaged, or of a later version", { concurrency: 1 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-damaged-"));
  const file = join(folder, "damaged.db");
  let posthorn: Installation;

  before(async () => {
    posthorn = await install({ env: { POSTHORN_DATABASE_URL: `sqlite:${file}` } });
  });
  after(async () => {
    await posthorn.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Two endpoints of one tenant, of which the second has an event waiting while the server is stopped. */
  async function setup(t: TestContext, sql: string) {
    const receivers = [await startReceiver(), await startReceiver()] as const;
    t.after(() => Promise.all(receivers.map((receiver) => receiver.close())));
    const place = { posthorn, tenant: await posthorn.tenant("standard") };
    const [healthy, damaged] = receivers.map(({ url }) => ({ url: `${url}/hooks` }));
    await makeEndpoint(place, { ...healthy });
    const { id } = await makeEndpoint(place, { ...damaged });
    const path = `${place.tenant}/endpoints/${id}`;
    await posthorn.restart(undefined, () => {
      const database = new DatabaseSync(file);
      database.exec("PRAGMA ignore_check_constraints = ON");
      const { newest } = database.prepare("SELECT max(number) AS newest FROM endpoint").get() ?? {};
      database.prepare(sql).run(Number(newest));
      database.close();
    });
    const event = await postEvents(place, { type: "client.updated", data: {} });
    return { place, path, event, receivers };
  }

  for (const [what, sql, reason] of DAMAGES) {
    test(`${what} stops its own lane, and nothing else`, async (t) => {
      const { path, receivers } = await setup(t, sql);
      const [healthy, damaged] = receivers;

      await until("the other endpoint is sent to", () => healthy.arrivals.length === 1);
      const shown = async () => (await posthorn.call<StoppedShape>("GET", path)).json.lane;
      await until("a person is asked", async () => (await shown()).needs_attention);

      const { reason: told, waiting } = await shown();
      assert.deepEqual([told, waiting], [reason, 1]);
      assert.equal(damaged.arrivals.length, 0);
      const deleted = await posthorn.call("DELETE", path);
      assert.equal(deleted.status, 204);
    });
  }

  for (const [what, sql] of HARMLESS) {
    test(`${what} stops nothing`, async (t) => {
      const { receivers } = await setup(t, sql);
      await until("both are sent to", () => receivers.every(({ arrivals }) => arrivals.length === 1));
    });
  }

  test("an endpoint whose configuration is lost goes on once it is given another", async (t) => {
    const { place, path, event, receivers } = await setup(
      t,
      "UPDATE endpoint SET config = '' WHERE number = ?",
    );
    const [healthy, damaged] = receivers;
    const refused = await posthorn.call("PATCH", path, { description: "no URL" });
    await posthorn.call("PATCH", path, { url: `${damaged.url}/hooks` });

    await until("both are sent to", () => healthy.arrivals.length === 1 && damaged.arrivals.length === 1);
    await until("it is delivered", async () => (await deliveryOf(place, event)).state === "delivered");
    assert.equal(refused.status, 422);
  });
});
