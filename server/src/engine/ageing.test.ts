import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { standingOf } from "../model/delivery-state.ts";
import { DAY_MS, HOUR_MS } from "../model/duration.ts";
import { isErased } from "../model/erasure.ts";
import type { Retention } from "../model/retention.ts";
import { startEngine } from "./running-engine.test.ts";

/** An endpoint that takes everything, in an installation that keeps what is final for so long. */
async function setUp(retention: Retention) {
  const running = await startEngine({ retention });
  const endpoint = await running.addEndpoint("each");
  const { store, clock, settle } = running;
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += HOUR_MS) {
      clock.pass(HOUR_MS);
      await settle();
    }
  };
  const saysSomething = async (offset: number) => {
    const [event] = await store.readEvents(0, [offset]);
    assert.ok(event, "the event itself stays");
    return !isErased(event);
  };
  const factsOf = async (offset: number) => await store.readFacts({ tenant: 1, offsets: [offset] });
  const stateOf = async (offset: number) => standingOf(await factsOf(offset), offset).state;
  return { ...running, endpoint, pass, saysSomething, factsOf, stateOf };
}

describe("what is kept for less time than its event", () => {
  test("is overwritten after the installation's time, and what is known of it stays", async () => {
    const { accept, pass, saysSomething, factsOf, stateOf } = await setUp({ payload: 2 });
    const [first = 0] = await accept(1);
    await pass(DAY_MS);
    const [second = 0] = await accept(1);
    assert.ok(await saysSomething(first));

    await pass(DAY_MS + 2 * HOUR_MS);

    assert.deepEqual([await saysSomething(first), await saysSomething(second)], [false, true]);
    assert.equal(await stateOf(first), "delivered");
    assert.equal((await factsOf(first)).attempts[0]?.payloadHash, undefined);
    assert.notEqual((await factsOf(second)).attempts[0]?.payloadHash, undefined);
    await pass(DAY_MS);
    assert.equal(await saysSomething(second), false);
  });

  test("goes earlier where its tenant says so, from when it says so on, and not later", async () => {
    const { accept, pass, saysSomething, store } = await setUp({ payload: 3 });
    const [first = 0] = await accept(1);
    await pass(2 * DAY_MS);
    assert.ok(await saysSomething(first));

    await store.updateTenant(1, { retention: { payload: 1 } });
    await pass(2 * HOUR_MS);
    assert.equal(await saysSomething(first), false);

    const [second = 0] = await accept(1);
    await store.updateTenant(1, { retention: { payload: 30 } });
    await pass(3 * DAY_MS + 2 * HOUR_MS);
    assert.equal(await saysSomething(second), false);
  });

  test("counts from when a delivery was final, and is left alone while it is not", async () => {
    const { accept, answer, endpoint, pass, saysSomething, stateOf, command } = await setUp({
      payload: 1,
      attempts: 1,
      dead_letters: 1,
    });
    answer(endpoint, 503);
    const [first = 0] = await accept(1);
    await pass(3 * DAY_MS);
    assert.deepEqual([await stateOf(first), await saysSomething(first)], ["retrying", true]);

    answer(endpoint, 200);
    await command("retry", endpoint, first);
    await pass(DAY_MS - HOUR_MS);
    assert.deepEqual([await stateOf(first), await saysSomething(first)], ["delivered", true]);

    await pass(3 * HOUR_MS);
    assert.deepEqual([await stateOf(first), await saysSomething(first)], ["delivered", false]);
  });

  test("is left alone where a paused lane still needs it, whatever another lane has done", async () => {
    const { accept, addEndpoint, change, pass, saysSomething, sentTo } = await setUp({ payload: 1 });
    const paused = await addEndpoint("each");
    await change(paused, "paused");
    const [first = 0] = await accept(1);

    await pass(3 * DAY_MS);
    assert.ok(await saysSomething(first));

    await change(paused, "enabled");
    await pass(2 * HOUR_MS);
    assert.equal(sentTo(paused).length, 1);
    assert.ok(await saysSomething(first));
    await pass(DAY_MS);
    assert.equal(await saysSomething(first), false);
  });

  test("loses what receivers answered, and keeps what an event says", async () => {
    const { accept, pass, saysSomething, factsOf } = await setUp({ attempts: 1 });
    const [first = 0] = await accept(1);

    await pass(DAY_MS + 2 * HOUR_MS);

    const { attempts } = await factsOf(first);
    assert.deepEqual(
      attempts.map(({ verdict, status, payloadHash }) => [verdict, status, payloadHash]),
      [["delivered", 200, undefined]],
    );
    assert.ok(await saysSomething(first));
  });

  test("is a dead letter no more, but expired", async () => {
    const { accept, answer, endpoint, pass, stateOf, factsOf } = await setUp({ dead_letters: 2 });
    answer(endpoint, 500);
    const [first = 0] = await accept(1);
    await pass(DAY_MS);
    assert.equal(await stateOf(first), "dead");

    await pass(DAY_MS + 2 * HOUR_MS);

    assert.equal(await stateOf(first), "expired");
    assert.equal((await factsOf(first)).deadLetters.length, 0);
  });
});
