import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Problem } from "../problem.ts";
import { startEngine } from "./running-engine.test.ts";

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
});
