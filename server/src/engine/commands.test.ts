import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Store } from "../store.ts";
import { startEngine } from "./running-engine.test.ts";

/** A store whose flushes of gaps wait until they are let go. */
function withGate() {
  const gate = Promise.withResolvers<void>();
  const wrap = (store: Store): Store => ({
    ...store,
    async flush(lease, facts) {
      await (facts.gaps.length > 0 ? gate.promise : undefined);
      return await store.flush(lease, facts);
    },
  });
  return { wrap, open: gate.resolve };
}

describe("cancel()", () => {
  for (const discipline of ["ordered", "batched"] as const) {
    test(`lets nothing of a lane that is ${discipline} go on before it is durable`, async () => {
      const { wrap, open } = withGate();
      const all = await startEngine({ wrap });
      const endpoint = await all.addEndpoint(discipline);
      await all.change(endpoint, "paused");
      const [first = 0] = await all.accept(1);
      await all.accept(1);
      const cancelled = all.engine.cancel(0, { tenant: 1, endpoint, offset: first });
      await all.settle();
      await all.change(endpoint, "enabled");
      all.clock.pass(1000);
      await all.settle();
      assert.equal(all.sentTo(endpoint).length, 0);
      open();
      await all.settle();
      all.clock.pass(1000);
      await all.settle();

      assert.equal(await cancelled, "done");
      assert.equal(all.sentTo(endpoint).length, 1);
    });
  }

  test("lets a held ordered lane go on behind its head, once that is durable", async () => {
    const { wrap, open } = withGate();
    const all = await startEngine({ wrap });
    const endpoint = await all.addEndpoint("ordered");
    all.answer(endpoint, 503);
    const [first = 0] = await all.accept(2);
    all.answer(endpoint, 200);
    const cancelled = all.engine.cancel(0, { tenant: 1, endpoint, offset: first });
    await all.settle();
    await all.accept(1);
    assert.equal(all.sentTo(endpoint).length, 1);
    open();
    await all.settle();

    assert.equal(await cancelled, "done");
    assert.equal(all.sentTo(endpoint).length, 3);
  });
});
