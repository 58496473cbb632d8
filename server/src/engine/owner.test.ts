import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Store } from "../store.ts";
import { startEngine } from "./running-engine.test.ts";

/** A store that has not learned which changes were followed. */
const forgettingChanges = (store: Store): Store => ({
  ...store,
  takeLease: async (lease) => ({ ...(await store.takeLease(lease)), changesApplied: 0 }),
});

describe("startOwner()", () => {
  test("ends what disabling ended before it counts what waits: the limit on retries holds", async () => {
    const running = await startEngine({ limits: { retriesPerLaneMax: 1 }, wrap: forgettingChanges });
    const { accept, addEndpoint, answer, change, restart, sentTo } = running;
    const endpoint = await addEndpoint("each");
    await change(endpoint, "disabled");
    await change(endpoint, "enabled");
    answer(endpoint, 500);
    await accept(1);

    await restart();
    await accept(1);

    assert.equal(sentTo(endpoint).length, 1, "one waits already");
  });
});
