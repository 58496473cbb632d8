/** What the benchmark of the dashboard asks for, on a small database. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { CROWDED, fillStore, SPARSE } from "../../bench/filled-store.ts";
import { FIRST_VIEWS, findShown, look } from "../../bench/first-views.ts";
import { MASTER_KEY, startPosthorn } from "../../bench/posthorn.ts";
import { systemClock } from "../../server/src/clock.ts";
import { systemRandom } from "../../server/src/random.ts";
import { openSqliteStore } from "../../server/src/stores/sqlite/open.ts";

/** The database is filled past the API, which writes down who changed what. */
const CHANGED_BY_NOBODY = ["audit", "all changes"];

test("a filled database is served, and each screen's first view finds what it shows", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-first-views-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "filled.db");
  const onFatal = (error: unknown): never => {
    throw error;
  };
  const stores = openSqliteStore({ path, clock: systemClock, random: systemRandom, onFatal });
  await fillStore(stores, { events: 3000, endpoints: 120, masterKey: MASTER_KEY });
  await stores.close();
  const posthorn = await startPosthorn({ POSTHORN_DATABASE_URL: `sqlite:${path}` });
  t.after(() => posthorn.stop());
  const { address } = posthorn;
  for (const tenant of [CROWDED, SPARSE]) {
    const shown = await findShown(address, tenant);
    for (const [screen, callsOf] of Object.entries(FIRST_VIEWS)) {
      const answers = await look(address, callsOf(shown));
      assert.ok(answers.length >= callsOf(shown).length, screen);
      const [first] = answers;
      const isOfCrowded = tenant === CROWDED || screen.startsWith("endpoint") || screen === "tenants";
      if (isOfCrowded && !CHANGED_BY_NOBODY.includes(screen) && Array.isArray(first?.data)) {
        assert.ok(first.data.length > 0, `${screen} of ${tenant} has rows`);
      }
    }
  }
  const names = FIRST_VIEWS["deliveries"]?.(await findShown(address, CROWDED))[1];
  assert.ok(names !== undefined);
  const pages = await look(address, [names]);
  assert.deepEqual(
    pages.map(({ data }) => data?.length),
    [100, 20],
  );
});
