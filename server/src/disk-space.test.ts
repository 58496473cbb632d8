import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createDiskSpace } from "./disk-space.ts";
import { createManualClock } from "./engine/engine-fixture.ts";
import { createLog } from "./log.ts";

const MB = 1024 * 1024;

async function setUp(sizeMb: number, firstFreeMb: number) {
  const lines: string[] = [];
  const clock = createManualClock();
  let freeMb: number | undefined = firstFreeMb;
  const disk = createDiskSpace({
    folder: "/somewhere",
    clock,
    log: createLog({ level: "info", stream: { write: (line) => void lines.push(line) } }),
    async read(folder) {
      assert.equal(folder, "/somewhere");
      if (freeMb === undefined) {
        throw new Error("ENOSYS");
      }
      return { bsize: MB, blocks: sizeMb, bavail: freeMb };
    },
  });
  await disk.start();
  const see = async (mb: number | undefined) => {
    freeMb = mb;
    clock.pass(2000);
    await new Promise(setImmediate);
    return disk.isNearlyFull;
  };
  const told = () =>
    lines.splice(0).map((line) => `${JSON.parse(line).level} ${JSON.parse(line).free_bytes}`);
  return { disk, clock, see, told };
}

describe("createDiskSpace()", () => {
  test("is nearly full below 128 MB, and until there is a quarter more", async () => {
    const { disk, see, told } = await setUp(100_000, 5000);
    assert.deepEqual([disk.isNearlyFull, disk.freeBytes], [false, 5000 * MB]);
    assert.equal(await see(128), false);
    assert.deepEqual(told(), [`warn ${128 * MB}`]);
    assert.equal(await see(127), true);
    assert.equal(await see(159), true);
    assert.equal(await see(160), false);
    assert.deepEqual(told(), [`error ${127 * MB}`, `warn ${160 * MB}`]);
  });

  test("keeps a tenth of a small disk", async () => {
    const { see } = await setUp(100, 50);
    assert.deepEqual([await see(11), await see(9)], [false, true]);
  });

  test("stops nobody where the file system does not tell", async () => {
    const { disk, see } = await setUp(100, 1);
    assert.equal(disk.isNearlyFull, true);
    assert.equal(await see(undefined), false);
    assert.equal(disk.freeBytes, undefined);
    assert.equal(await see(1), true);
  });

  test("stop() ends the looking", async () => {
    const { disk, see } = await setUp(100, 50);
    disk.stop();
    assert.equal(await see(1), false);
  });
});
