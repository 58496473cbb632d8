import assert from "node:assert/strict";
import { test } from "node:test";
import { startEngine } from "./running-engine.test.ts";

test("waitingOf() counts the retries of lanes in memory, and of those that are not", async () => {
  const all = await startEngine();
  const endpoint = await all.addEndpoint("each");
  all.answer(endpoint, 500);
  await all.accept(3);
  await all.settle();
  const seen = () => {
    const { deliveriesWaiting, endpointsWaiting, unwritten } = all.engine.stats();
    return { deliveriesWaiting, endpointsWaiting, unwritten };
  };
  const waiting = { deliveriesWaiting: 3, endpointsWaiting: 1, unwritten: 0 };
  assert.deepEqual(seen(), waiting);
  const { waiting: first = 0, retries = 0 } = all.lane(endpoint) ?? {};
  assert.equal(first + retries, 3);
  assert.equal(retries, (await all.store.readRetries(0, undefined, 10)).length);

  await all.restart("paused");
  await all.settle();
  assert.deepEqual(seen(), waiting);
});

test("an owner says what is on its way into the store", async () => {
  const stored = Promise.withResolvers<void>();
  const all = await startEngine({
    wrap: (store) => ({
      ...store,
      async flush(lease, facts) {
        if (facts.attempts.length > 0) {
          await stored.promise;
        }
        return await store.flush(lease, facts);
      },
    }),
  });
  await all.addEndpoint("ordered");
  await all.accept(1);
  await all.settle();
  assert.deepEqual([all.engine.stats().inFlight, all.engine.stats().unwritten], [0, 1]);
  stored.resolve();
  await all.settle();
  assert.equal(all.engine.stats().unwritten, 0);
});
