import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { describe, test } from "node:test";
import { giveUpMove } from "../../server/src/stores/moving/give-up.ts";
import { planMove } from "../../server/src/stores/moving/move.ts";
import { openSource } from "../../server/src/stores/moving/source.ts";
import { createTarget, type Target } from "../../server/src/stores/moving/target.ts";
import { openPostgresStore } from "../../server/src/stores/postgres/open.ts";
import { backUp } from "../../server/src/stores/sqlite/backup.ts";
import { temporaryPath } from "../../server/src/stores/sqlite/temporary.ts";
import { MANY } from "./filled-file.ts";
import { endedAfter, OVER_POSTGRES, ports, SHARDS, setup, TO } from "./setup.ts";

describe("what is in the way of a move", OVER_POSTGRES, () => {
  test("a server that serves the file, and a move while another is under way", async (t) => {
    const { move: moveAll, openFile } = await setup(t);
    const serving = openFile();
    await assert.rejects(moveAll(), /posthorn\.db is in use: another process/);
    await serving.close();
    const wrap = (target: Target): Target => ({
      ...target,
      async write(step) {
        assert.throws(openFile, /is in use/);
        await assert.rejects(moveAll(), /is in use/);
        await target.write(step);
      },
    });
    assert.ok(await moveAll({ wrap }));
  });

  test("something in the target, or somebody who has it open", async (t) => {
    const { move: moveAll, url, openFile } = await setup(t);
    const serving = await openPostgresStore({ ...ports, url });
    await assert.rejects(moveAll(), /must be nobody's meanwhile, \d connections/);
    await serving.createTenant({ id: "a", name: "A", contract: undefined, shard: 1, createdAt: 1 });
    await serving.close();
    await assert.rejects(moveAll(), /must be empty, there is something in tenant:/);
    // The file is as it was.
    await openFile().close();
  });

  test("somebody who opened the target just before it was marked", async (t) => {
    const { move: moveAll, url } = await setup(t);
    const opened: { close(): Promise<void> }[] = [];
    const wrap = (target: Target): Target => ({
      ...target,
      async begin(mark, now) {
        opened.push(await openPostgresStore({ ...ports, url, shards: SHARDS }));
        await target.begin(mark, now);
      },
    });
    await assert.rejects(moveAll({ wrap }), /must be nobody's meanwhile/);
    await Promise.all(opened.map((store) => store.close()));
    await assert.rejects(openPostgresStore({ ...ports, url }), /is being moved into this database/);
    assert.ok(await moveAll());
  });

  test("another source, or another target, than those that it began with", async (t) => {
    const one = await setup(t);
    const other = await setup(t);
    await assert.rejects(one.move(endedAfter(2)), /ended here/);
    await assert.rejects(other.move({}, one.database), /has part of what was moved from .* at another time/);
    // Only the target that it was begun with last may be ended.
    await assert.rejects(one.move(endedAfter(2), await one.another()), /ended here/);
    await assert.rejects(one.move(), /has part of what was moved from/);

    await other.move();
    await assert.rejects(one.move({}, other.database), /has what was moved from/);
    const third = await one.another();
    await assert.rejects(other.move({}, third), /everything was moved to postgres:\/\/db\.example\/posthorn/);
  });

  test("an older schema on either side", async (t) => {
    const { move: moveAll, database, path } = await setup(t);
    const another = await setup(t);
    using file = new DatabaseSync(path);
    file.exec("DELETE FROM migration WHERE number = 12");
    await assert.rejects(moveAll(), /posthorn\.db has the schema of an older version: .*posthorn migrate up/);

    await openPostgresStore({ ...ports, url: another.url }).then((store) => store.close());
    await another.database.script("DELETE FROM migration WHERE number = 7");
    await assert.rejects(another.move(), /the target has the schema of an older version: .*migrate up/);
    assert.deepEqual(await database.rows("SELECT relname FROM pg_class WHERE relname = 'event'"), []);
  });

  test("a backup from which nothing is sent yet", async (t) => {
    const { path } = await setup(t);
    const to = temporaryPath(t);
    backUp({ path, to, now: 1 });
    assert.throws(() => openSource(to, "move"), /was restored from a backup, and nothing is sent from it/);
    assert.throws(() => openSource(`${to}-none`, "move"), /there must be a database/);
  });
});

describe("giveUpMove()", OVER_POSTGRES, () => {
  test("lets the file be served again, and nothing but a new database be moved into", async (t) => {
    const { path, url, move: moveAll, openFile, another } = await setup(t);
    assert.throws(() => giveUpMove(path), /nothing is being moved from/);
    await assert.rejects(moveAll(endedAfter(3)), /ended here/);
    assert.throws(openFile, /is being moved to .* posthorn move --give-up/);

    assert.equal(giveUpMove(path).to, TO);

    await openFile().close();
    await assert.rejects(openPostgresStore({ ...ports, url }), /is being moved into this database/);
    await assert.rejects(moveAll(), /has part of what was moved from/);
    assert.ok(await moveAll({}, await another()));
    assert.throws(() => giveUpMove(path), /everything of .* is at postgres:/);
    assert.throws(openFile, /was moved to/);
  });
});

describe("planMove()", OVER_POSTGRES, () => {
  test("counts what would be moved, changes nothing, and says what is in the way", async (t) => {
    const { path, database, openFile } = await setup(t);
    const serving = openFile();
    const source = openSource(path, "look");
    t.after(() => source.close());
    const target = createTarget(database, undefined);

    const tables = await planMove({ source, target });

    assert.equal(tables.find(({ table }) => table === "event")?.rows, MANY + 2);
    assert.deepEqual(await database.rows("SELECT relname FROM pg_class WHERE relname = 'event'"), []);
    await serving.close();
    await openFile().close();
    await database.script("CREATE TABLE another_program (n INTEGER)");
    await assert.rejects(planMove({ source, target }), /belongs to another program/);
  });
});
