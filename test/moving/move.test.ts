import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { describe, test } from "node:test";
import type { MoveProgress } from "../../server/src/stores/moving/move.ts";
import { MOVED_TABLES } from "../../server/src/stores/moving/moved-tables.ts";
import type { Target } from "../../server/src/stores/moving/target.ts";
import { openPostgresStore } from "../../server/src/stores/postgres/open.ts";
import { MANY } from "./filled-file.ts";
import { endedAfter, OVER_POSTGRES, ports, setup } from "./setup.ts";

describe("move()", OVER_POSTGRES, () => {
  test("moves every row of every table, and says which and how many", async (t) => {
    const { path, url, move: moveAll, database } = await setup(t);
    const seen: MoveProgress[] = [];

    const report = await moveAll({ onProgress: (progress) => seen.push(progress) });

    using file = new DatabaseSync(path);
    for (const { name } of MOVED_TABLES) {
      const { rows } = file.prepare(`SELECT COUNT(*) AS rows FROM "${name}"`).get() ?? {};
      assert.ok(Number(rows) > 0, `${name} has something to move`);
      assert.equal(report?.find(({ table }) => table === name)?.rows, rows, name);
      const [there] = await database.rows(`SELECT count(*) AS rows FROM "${name}"`);
      assert.equal(there?.["rows"], rows, name);
    }
    const last = seen.at(-1);
    assert.equal(last?.rows, last?.of);
    assert.deepEqual([...new Set(seen.map(({ doing }) => doing))], ["copying", "comparing"]);
    const store = await openPostgresStore({ ...ports, url });
    await store.close();
  });

  test("leaves every fact where a store finds it: by tenant, endpoint, shard and key", async (t) => {
    const { filled, url, move: moveAll, openFile } = await setup(t);
    const { acme, globex, endpoint, offsets } = filled;
    const file = openFile();
    const ofTenant = (tenant: number) => (tenant === acme ? offsets.slice(0, 9) : offsets.slice(-2));
    const ask = async (store: typeof file) => {
      const lists = [acme, globex].map(async (tenant) => ({
        tenant: await store.tenantByNumber(tenant),
        endpoints: await store.listEndpoints({ tenant, before: undefined, limit: 10 }),
        events: await store.listEvents({ tenant, limit: 5000, scanMax: 50_000 }),
        keys: await Promise.all([0, 1, 2].map((n) => store.readKey(tenant, `key ${n} é`))),
        facts: await store.readFacts({ tenant, offsets: ofTenant(tenant) }),
        eventTypes: await store.listEventTypes({ tenant, after: undefined, limit: 10 }),
        replays: await store.listReplays({
          tenant,
          endpoint: undefined,
          isOpen: false,
          before: undefined,
          limit: 9,
        }),
        apiKeys: await store.listKeys(tenant),
      }));
      return {
        idKey: Buffer.from(store.idKey).toString("hex"),
        lists: await Promise.all(lists),
        endpoint: await store.readEndpoint(endpoint),
        secrets: await store.readSealed(undefined, 100),
      };
    };
    const before = await ask(file);
    const head = await file.readHead(0);
    const lease = await file.takeLease(0);
    await file.close();

    await moveAll();

    const store = await openPostgresStore({ ...ports, url });
    t.after(() => store.close());
    assert.deepEqual(await ask({ ...store, restoration: store.restoration }), before);
    assert.deepEqual(store.leases(), [0, 1, 2, 3]);
    for (const shard of store.leases()) {
      assert.deepEqual(await store.readHead(shard), head);
      const taken = await store.takeLease(shard);
      assert.deepEqual([taken.checkpoint, taken.changesApplied], [lease.checkpoint, lease.changesApplied]);
      assert.ok(taken.epoch > lease.epoch);
    }
    // Tenants of shards 3 and 20: four shards have them at 3 and 0.
    assert.equal((await store.readLanes(3)).length, 1);
    assert.equal((await store.readLanes(0)).length, 1);
    assert.equal((await store.countRetries(3))[0]?.replays, 1);
    assert.equal((await store.countRetries(0))[0]?.live, 1);
    assert.equal((await store.readErasures(0)).length, 1);
  });

  test("gives no number and no offset again that was given before", async (t) => {
    const { filled, url, move: moveAll, openFile } = await setup(t);
    const file = openFile();
    const { head } = await file.readHead(0);
    const last = await file.listEndpoints({ tenant: filled.globex, before: undefined, limit: 1 });
    await file.close();
    await moveAll();

    const store = await openPostgresStore({ ...ports, url });
    t.after(() => store.close());
    const tenant = await store.createTenant({
      id: "new",
      name: "New",
      contract: undefined,
      shard: 20,
      createdAt: 1,
    });
    assert.ok(tenant);
    assert.ok(tenant.number > 3);
    const [endpoint] = last;
    assert.ok(endpoint);
    const draft = {
      ...endpoint,
      state: "enabled",
      eventTypes: undefined,
      secret: undefined,
      now: 1,
    } as const;
    const created = await store.createEndpoint({ ...draft, tenant: tenant.number });
    assert.equal(created?.number, 4, "three were given, one of which is deleted");
    assert.ok((created?.versions[0]?.since ?? 0) > head);
    const replay = await store.requestReplay({
      tenant: filled.acme,
      source: filled.endpoint,
      endpoint: filled.endpoint,
      from: 1,
      to: head,
      only: "all",
      types: undefined,
      ratePerSecond: undefined,
      createdAt: 1,
    });
    const [, ...older] = await store.listReplays({
      tenant: filled.acme,
      endpoint: undefined,
      isOpen: false,
      before: undefined,
      limit: 9,
    });
    assert.ok(older.length === 2 && older.every(({ number }) => number < (replay?.number ?? 0)));
  });

  test("puts events into the partitions of their weeks", async (t) => {
    const { move: moveAll, database } = await setup(t);
    await moveAll();

    const [row] = await database.rows("SELECT count(*) AS rows FROM event_default");
    assert.equal(row?.["rows"], 0);
    const [facts] = await database.rows("SELECT count(*) AS rows FROM attempt_default");
    assert.equal(facts?.["rows"], 0);
  });

  test("goes on where it ended, after any chunk, and copies nothing twice", async (t) => {
    const { move: moveAll } = await setup(t);
    let rows = 0;
    for (const chunks of [0, 1, 0, 7, 2]) {
      await assert.rejects(moveAll(endedAfter(chunks)), /ended here/);
    }
    const report = await moveAll({
      onProgress: (progress) => {
        if (progress.doing === "copying") {
          rows = progress.rows;
        }
      },
    });

    assert.equal(report?.find(({ table }) => table === "event")?.rows, MANY + 2);
    assert.equal(
      rows,
      report?.reduce((sum, table) => sum + table.rows, 0),
    );
  });

  test("does nothing when everything was moved before", async (t) => {
    const { move: moveAll } = await setup(t);
    await moveAll();
    assert.equal(await moveAll(), undefined);
  });

  test("ends what was ended between the marks of both databases", async (t) => {
    const { move: moveAll, url, openFile } = await setup(t);
    const wrap = (target: Target): Target => ({
      ...target,
      finish: () => Promise.reject(new Error("ended here")),
    });
    await assert.rejects(moveAll({ wrap }), /ended here/);
    assert.throws(openFile, /was moved to postgres:\/\/db\.example\/posthorn at 2/);
    await assert.rejects(openPostgresStore({ ...ports, url }), /is being moved into this database/);

    assert.ok(await moveAll());
    const store = await openPostgresStore({ ...ports, url });
    await store.close();
  });

  test("throws, and lets nobody serve either, if what arrived is not what left", async (t) => {
    const { move: moveAll, database, url, openFile } = await setup(t);
    const damages = [
      "UPDATE event SET data = 'x' WHERE subject = 'client 3'",
      "DELETE FROM gap",
      "UPDATE lane SET shard = 1 WHERE shard = 0",
    ];
    const wrap = (target: Target): Target => ({
      ...target,
      async place(places) {
        await target.place(places);
        for (const damage of damages) {
          await database.script(damage);
        }
      },
    });

    await assert.rejects(moveAll({ wrap }), (error: Error) => {
      assert.match(error.message, /event has 4502 rows here and 4502 there/);
      assert.match(error.message, /gap has \d rows here and 0 there/);
      assert.match(error.message, /lane has 2 rows here and 2 there/);
      return true;
    });
    assert.throws(openFile, /is being moved to/);
    await assert.rejects(openPostgresStore({ ...ports, url }), /is being moved into this database/);
  });

  test("throws if a shard does not stand where the log stood", async (t) => {
    const { move: moveAll, database } = await setup(t);
    const wrap = (target: Target): Target => ({
      ...target,
      async place(places) {
        await target.place(places);
        await database.script("UPDATE lease SET checkpoint = checkpoint + 1 WHERE shard = 2");
      },
    });
    await assert.rejects(moveAll({ wrap }), /shards do not stand where the log stood/);
  });

  test("writes nothing where somebody else has moved on", async (t) => {
    const { move: moveAll } = await setup(t);
    const wrap = (target: Target): Target => ({
      ...target,
      async write(step) {
        await target.write(step);
        await target.write(step);
      },
    });
    await assert.rejects(moveAll({ wrap }), /another one writes into it/);
    assert.ok(await moveAll());
  });
});
