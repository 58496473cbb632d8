import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../../clock.ts";
import { systemRandom } from "../../random.ts";
import { VERSION } from "../../version.ts";
import { findDatabases, NO_POSTGRES } from "./databases-fixture.ts";
import { openPostgresStore } from "./open.ts";

const databases = await findDatabases(Date.now());

const skip = databases === undefined && NO_POSTGRES;

test("survey() shows nodes that are there, which one asks, and who has which lease", { skip }, async (t) => {
  const created = await databases?.create();
  assert.ok(created);
  const open = async (holder: string) => {
    const ports = { clock: systemClock, random: systemRandom, shards: 2, leaseMs: 600_000 };
    return await openPostgresStore({ ...ports, url: created.url, holder });
  };
  const [first, second] = [await open("a"), await open("b")];
  t.after(async () => {
    await Promise.all([first.close(), second.close()]);
    await created.drop();
  });
  await first.sharing.meet();
  await second.sharing.meet();
  const { epoch } = await second.takeLease(1);

  const { nodes = [], leases } = await second.survey();
  await first.sharing.leave();
  const after = await second.survey();

  assert.deepEqual(
    nodes.map(({ id, isThis, version }) => ({ id, isThis, version })),
    [
      { id: "a", isThis: false, version: VERSION },
      { id: "b", isThis: true, version: VERSION },
    ],
  );
  for (const { joinedAt = 0, aliveUntil } of nodes) {
    assert.ok(joinedAt > 0 && aliveUntil > joinedAt);
  }
  assert.deepEqual(
    leases.map(({ lease, owner, heldUntil }) => [lease, owner, heldUntil !== undefined]),
    [
      [0, undefined, false],
      [1, "b", true],
    ],
  );
  assert.equal(leases[1]?.epoch, epoch);
  assert.deepEqual(
    after.nodes?.map(({ id }) => id),
    ["b"],
  );
});
