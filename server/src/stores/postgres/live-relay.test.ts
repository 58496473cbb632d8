import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { systemClock } from "../../clock.ts";
import { systemRandom } from "../../random.ts";
import { openApplication } from "./application-fixture.ts";
import { findDatabases, NO_POSTGRES } from "./databases-fixture.ts";
import { openPostgresStore } from "./open.ts";

const databases = await findDatabases(Date.now());

/** Nodes over one database, and a connection to look at it. */
async function setup(t: TestContext) {
  const created = await databases?.create();
  assert.ok(created);
  const { url } = created;
  const ending = new AsyncDisposableStack();
  t.after(async () => {
    await ending.disposeAsync();
    await created.drop();
  });
  const pool = ending.adopt(openApplication(url), (each) => each.end());
  async function open() {
    const store = await openPostgresStore({ url, clock: systemClock, random: systemRandom, shards: 1 });
    return ending.adopt(store, (each) => each.close()).sharing;
  }
  const age = (facts: string) =>
    pool.query("UPDATE live_relay SET told_at = told_at - interval '1 minute' WHERE facts = $1", [facts]);
  const stored = async () =>
    (await pool.query("SELECT facts FROM live_relay ORDER BY number")).rows.map(({ facts }) => facts);
  return { open, age, stored };
}

describe("what nodes tell one another", { skip: databases === undefined && NO_POSTGRES }, () => {
  test("is read by others, but for what they have seen", async (t) => {
    const { open } = await setup(t);
    const [one, other] = [await open(), await open()];
    await one.putLive({ facts: "[1]", leftOut: 2 });
    const [told] = await other.readLive([]);
    assert.deepEqual([told?.facts, told?.leftOut], ["[1]", 2]);
    assert.deepEqual(await other.readLive([told?.number ?? 0]), []);
    assert.deepEqual(await one.readLive([]), []);
  });

  test("goes when it is old, also where the node that told it is no more", async (t) => {
    const { open, age, stored } = await setup(t);
    const [gone, other] = [await open(), await open()];
    await gone.putLive({ facts: "[1]", leftOut: 0 });
    await age("[1]");
    assert.deepEqual(await other.readLive([]), []);
    await other.putLive({ facts: "[2]", leftOut: 0 });
    assert.deepEqual(await stored(), ["[2]"]);
  });
});
