import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Problem } from "../problem.ts";
import { StoreRefusal } from "../store.ts";
import { startEngine } from "./running-engine.test.ts";

const NEWS_MS = 500;

describe("erase()", () => {
  test("resolves when nothing is left of what was to be erased", async () => {
    const all = await startEngine();
    const [offset = 0] = await all.accept(1);
    await all.store.requestErasure({ tenant: 1, what: { offset } });
    const erased = all.engine.erase(0, 1);
    await all.settle();

    await erased;
    assert.deepEqual((await all.store.readEvent(1, offset))?.data, new Uint8Array());
  });

  test("fails where another process has taken the lease, which goes on with it", async () => {
    const all = await startEngine();
    const [offset = 0] = await all.accept(1);
    await all.store.requestErasure({ tenant: 1, what: { offset } });
    await all.store.takeLease(0);
    const failed = assert.rejects(
      all.engine.erase(0, 1),
      (error) => error instanceof Problem && error.code === "store_unavailable",
    );
    await all.settle();

    await failed;
    assert.equal((await all.store.readErasures(0)).length, 1);
  });

  test("what another node could store but not ask for is erased all the same", async () => {
    const all = await startEngine({ isNode: true });
    const [offset = 0] = await all.accept(1);
    await all.store.requestErasure({ tenant: 1, what: { offset } });
    all.clock.pass(NEWS_MS);
    await all.settle();

    assert.deepEqual((await all.store.readEvent(1, offset))?.data, new Uint8Array());
    assert.deepEqual(await all.store.readErasures(0), []);
  });

  test("what the store refuses to erase is not tried by itself again", async () => {
    const steps: number[] = [];
    const all = await startEngine({
      isNode: true,
      wrap: (store) => ({
        ...store,
        async flush(lease, facts) {
          if (facts.erasing.length > 0) {
            throw new StoreRefusal("this cannot be erased");
          }
          return await store.flush(lease, facts);
        },
        async findErasable(query) {
          steps.push(query.from);
          return await store.findErasable(query);
        },
      }),
    });
    const [offset = 0] = await all.accept(1);
    await all.store.requestErasure({ tenant: 1, what: { offset } });
    for (let looks = 0; looks < 3; looks += 1) {
      all.clock.pass(NEWS_MS);
      await all.settle();
    }

    assert.deepEqual(steps, [offset]);
    assert.equal((await all.store.readErasures(0)).length, 1);
  });
});
