import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { describe, type TestContext, test } from "node:test";
import { systemClock } from "../../clock.ts";
import { offsetAt } from "../../model/offset.ts";
import { systemRandom } from "../../random.ts";
import { backUp } from "./backup.ts";
import { openSqliteStore } from "./open.ts";
import { openInTemporaryFolder, temporaryPath } from "./temporary.ts";

const BACKED_UP_AT = Date.UTC(2026, 0, 2);

async function setUp(t: TestContext) {
  const ports = { clock: systemClock, random: systemRandom };
  const { stores, path } = openInTemporaryFolder(ports, t);
  const draft = { id: "acme", name: "Acme", contract: undefined, shard: 7, createdAt: 1 };
  assert.ok(await stores.createTenant(draft));
  const to = temporaryPath(t);
  const restore = (now = systemClock.now()) => {
    const restored = openSqliteStore({
      ...ports,
      clock: { ...systemClock, now: () => now },
      path: to,
      onFatal: () => assert.fail("the disk of a test works"),
    });
    t.after(() => restored.close());
    return restored;
  };
  return { stores, path, to, restore };
}

describe("backUp()", () => {
  test("backUp() copies what is committed, while the store is open and goes on", async (t) => {
    const { stores, path, to, restore } = await setUp(t);

    backUp({ path, to, now: BACKED_UP_AT });
    const draft = { id: "late", name: "Late", contract: undefined, shard: 7, createdAt: 1 };
    assert.ok(await stores.createTenant(draft));

    const restored = restore();
    assert.equal((await restored.findTenant("acme"))?.name, "Acme");
    assert.equal(await restored.findTenant("late"), undefined);
    assert.deepEqual(restored.idKey, stores.idKey);
  });

  test("backUp() leaves no half file, and touches none that is there", async (t) => {
    const { path, to } = await setUp(t);
    writeFileSync(`${to}.partial`, "of a backup that was killed");
    backUp({ path, to, now: BACKED_UP_AT });
    assert.ok(!existsSync(`${to}.partial`));
    assert.throws(() => backUp({ path, to, now: BACKED_UP_AT }), /is there already/);
    assert.throws(() => backUp({ path: `${path}-none`, to, now: 1 }), /there must be a database/);
  });
});

describe("a database that was restored", () => {
  test("knows it, at every start, until that is ended", async (t) => {
    const { stores, path, to, restore } = await setUp(t);
    assert.equal(stores.restoration.backedUpAt, undefined);
    backUp({ path, to, now: BACKED_UP_AT });

    const first = restore();
    assert.equal(first.restoration.backedUpAt, BACKED_UP_AT);
    await first.close();
    const second = restore();
    assert.equal(second.restoration.backedUpAt, BACKED_UP_AT);
    await second.restoration.end();
    assert.equal(second.restoration.backedUpAt, undefined);
    await second.close();
    assert.equal(restore().restoration.backedUpAt, undefined);
  });

  test("gives new events ids that none had who came after the backup, for a minute of clocks", async (t) => {
    const { stores, path, to, restore } = await setUp(t);
    backUp({ path, to, now: BACKED_UP_AT });
    const { head: before } = await stores.readHead(0);

    const now = systemClock.now();
    const { head } = await restore(now).readHead(0);

    assert.equal(head, offsetAt(now + 60_000));
    assert.ok(head > before);
  });
});
