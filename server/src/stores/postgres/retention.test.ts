import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { systemRandom } from "../../random.ts";
import { forgetAll, LATER } from "../conformance/retention.ts";
import { factsOf, storedIn, submission, submitted } from "../conformance/samples.ts";
import { START } from "../conformance/setup.ts";
import { findDatabases, NO_POSTGRES } from "./databases-fixture.ts";
import { openPostgresStore } from "./open.ts";
import { clockTime } from "./time.ts";

const CLOCK = {
  now: () => START,
  monotonic: () => 0,
  after() {
    throw new Error("a store sets no timers");
  },
};

const databases = await findDatabases(START);

describe("forgetLog()", { skip: databases === undefined && NO_POSTGRES }, () => {
  test("leaves what one shard has in flight, however far the others have come", async (t) => {
    const created = await databases?.create();
    assert.ok(created);
    const ports = { clock: CLOCK, random: systemRandom, offsetTime: clockTime(CLOCK), holder: "tests" };
    const stores = await openPostgresStore({ ...ports, url: created.url, shards: 2 });
    t.after(async () => {
      await stores.close();
      await created.drop();
    });
    const [ahead, behind] = [await stores.takeLease(0), await stores.takeLease(1)];
    const draft = { id: "acme", name: "Acme", contract: undefined, shard: 1, createdAt: START };
    const { number = 0 } = (await stores.createTenant(draft)) ?? {};
    const [event] = storedIn(await stores.append(1, [submission(number, [submitted()])]));
    const offset = event?.offset ?? 0;
    await stores.flush(ahead, factsOf({ checkpoint: LATER }));
    await stores.flush(behind, factsOf({ checkpoint: offset - 1 }));

    await forgetAll(stores, LATER - 1);
    assert.equal((await stores.readEvents(1, [offset])).length, 1);

    await stores.flush(behind, factsOf({ checkpoint: offset }));
    await forgetAll(stores, LATER - 1);
    assert.deepEqual(await stores.readEvents(1, [offset]), []);
  });
});
