import assert from "node:assert/strict";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { DatabaseSync } from "node:sqlite";
import { describe, type TestContext, test } from "node:test";
import { systemClock } from "../../clock.ts";
import { systemRandom } from "../../random.ts";
import { openSqliteStore } from "./open.ts";
import { type RunningProcess, startAppending } from "./running-process.ts";
import { temporaryPath } from "./temporary.ts";

const PORTS = { clock: systemClock, random: systemRandom, onFatal: () => {} };

/** Checks that every event a process was answered is in its file, and that the file is whole. */
async function assertDurable(path: string, { lines }: RunningProcess, t: TestContext): Promise<void> {
  const answered = lines
    .filter((line) => line.startsWith("stored "))
    .map((line) => Number(line.slice("stored ".length)));
  assert.ok(answered.length > 0);
  const stores = openSqliteStore({ ...PORTS, path });
  t.after(() => stores.close());
  const events = await stores.readEvents(0, answered);
  assert.deepEqual(
    events.map(({ offset }) => offset),
    answered,
  );
  using file = new DatabaseSync(path, { readOnly: true });
  assert.deepEqual({ ...file.prepare("PRAGMA integrity_check").get() }, { integrity_check: "ok" });
}

/** Lets syncs end only once the test says so. */
function holdSyncs(t: TestContext): () => void {
  const held: (() => void)[] = [];
  const { fdatasync } = fs;
  t.mock.method(fs, "fdatasync", (descriptor: number, onEnd: fs.NoParamCallback) => {
    held.push(() => fdatasync(descriptor, onEnd));
  });
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
  return () => {
    for (const sync of held.splice(0)) {
      sync();
    }
  };
}

describe("a SQLite store", () => {
  test("lets nobody read what a power cut could undo", async (t) => {
    const store = openSqliteStore({ ...PORTS, path: temporaryPath(t) });
    t.after(() => store.close());
    const releaseSyncs = holdSyncs(t);
    const ends: string[] = [];
    const tenant = { id: "acme", name: "acme", contract: undefined, shard: 0, createdAt: 0 };

    const created = store.createTenant(tenant).then(() => ends.push("created"));
    await new Promise(setImmediate);
    const listed = store
      .listTenants({ before: undefined, limit: 1 })
      .then((tenants) => ends.push(`listed ${tenants.length}`));
    await new Promise(setImmediate);
    const before = [...ends];
    releaseSyncs();
    await Promise.all([created, listed]);

    assert.deepEqual(before, []);
    assert.deepEqual(ends.toSorted(), ["created", "listed 1"]);
  });

  test("has every event it answered for after its process was killed", async (t) => {
    const path = temporaryPath(t);
    const killed = startAppending({ path }, t);
    await killed.said(30);

    await killed.kill();

    await assertDurable(path, killed, t);
  });

  const isPosix = process.platform !== "win32";
  test("refuses everything after its disk failed, and has what it answered for before", {
    skip: isPosix ? false : "a limit on the size of files stands for the failing disk; Windows has none",
  }, async (t) => {
    const path = temporaryPath(t);

    const failed = startAppending({ path, dataBytes: 20_000, fileBlocksMax: 2000 }, t);
    await failed.ended;

    const unavailable = "StoreUnavailable: the store is not available";
    const anew = "it refuses everything until the process starts anew";
    const refusal = `${unavailable}: the database failed: ${anew}`;
    assert.deepEqual(failed.lines.slice(-4), [
      "fatal",
      `failed: ${unavailable}: disk I/O error`,
      `append: ${refusal}`,
      `read: ${refusal}`,
    ]);
    await assertDurable(path, failed, t);
  });
});
