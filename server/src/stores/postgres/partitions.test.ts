import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { offsetAt } from "../../model/offset.ts";
import { openDatabase } from "./database.ts";
import { findDatabases, NO_POSTGRES } from "./databases-fixture.ts";
import { dropPartition, makePartitions, partitionsAt } from "./partitions.ts";

const WEEK_MS = 7 * 24 * 3_600_000;
/** 2026-01-02T03:04:05.006Z, a Friday. */
const NOW = 1_767_323_045_006;

const databases = await findDatabases(NOW);

describe("partitionsAt()", () => {
  test("names those of this week and of the weeks that follow, one after another", () => {
    const ofEvents = partitionsAt(NOW).filter(({ table }) => table === "event");

    assert.deepEqual(
      ofEvents.map(({ name }) => name),
      ["event_20260101", "event_20260108", "event_20260115", "event_20260122", "event_20260129"],
    );
    assert.ok(ofEvents[0] && ofEvents[0].from <= offsetAt(NOW) && offsetAt(NOW) < ofEvents[0].to);
    for (const [index, { from }] of ofEvents.entries()) {
      assert.ok(index === 0 || from === ofEvents[index - 1]?.to);
    }
  });

  test("names the same for every moment of a week, and none of them twice", () => {
    const names = partitionsAt(NOW).map(({ name }) => name);

    assert.equal(new Set(names).size, names.length);
    assert.deepEqual(partitionsAt(NOW + 6 * 24 * 3_600_000 - 4 * 3_600_000), partitionsAt(NOW));
    assert.notDeepEqual(partitionsAt(NOW + WEEK_MS), partitionsAt(NOW));
  });
});

describe("makePartitions()", { skip: databases === undefined && NO_POSTGRES }, () => {
  test("makes what is missing, whoever else does so at the same time", async (t) => {
    const created = await databases?.create();
    assert.ok(created);
    const database = openDatabase({ url: created.url, name: "test", connectionsMax: 4 });
    t.after(async () => {
      await database.close();
      await created.drop();
    });

    const later = NOW + 3 * WEEK_MS;
    await Promise.all([1, 2, 3].map(() => makePartitions(database, later)));

    const attached = await database.rows(
      "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'event'::regclass",
    );
    const names = attached.map(({ name }) => name);
    for (const { name } of partitionsAt(later).filter(({ table }) => table === "event")) {
      assert.ok(names.includes(name), name);
    }
  });
});

describe("dropPartition()", { skip: databases === undefined && NO_POSTGRES }, () => {
  test("drops those that are over, events first, whoever else does so, and no other table", async (t) => {
    const created = await databases?.create();
    assert.ok(created);
    const database = openDatabase({ url: created.url, name: "test", connectionsMax: 4 });
    t.after(async () => {
      await database.close();
      await created.drop();
    });
    const [first, second] = partitionsAt(NOW).filter(({ table }) => table === "event");
    assert.ok(first && second);
    const tables = async () =>
      (await database.rows("SELECT relname AS name FROM pg_class WHERE relkind = 'r'")).map(({ name }) =>
        String(name),
      );
    const before = await tables();

    assert.equal(await dropPartition(database, second.from - 2), false, "one offset of it is left");
    assert.equal(await dropPartition(database, second.from - 1), true);
    assert.ok(!(await tables()).includes(first.name));
    await Promise.all([1, 2].map(() => dropPartition(database, second.from - 1)));
    while (await dropPartition(database, second.from - 1)) {
      // Until none is over.
    }

    const left = await tables();
    assert.deepEqual(before.filter((name) => !left.includes(name)).sort(), [
      "attempt_20260101",
      "dead_letter_20260101",
      "event_20260101",
    ]);
  });
});
