import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Appended } from "../store.ts";
import { createInboxMover } from "./inbox-mover.ts";

const LEASE = { id: 3, epoch: 5 };

function appended(head: number): Appended {
  return { results: [], previousHead: head - 1, head, changes: 0 };
}

/** A mover of what `moves` has, one after the other; an error is thrown. */
function setup(moves: readonly (Appended | "empty" | "fenced" | Error)[]) {
  const left = [...moves];
  const heads: number[] = [];
  const faults: unknown[] = [];
  const asked: unknown[] = [];
  const mover = createInboxMover({
    lease: LEASE,
    sharing: {
      async moveInbox(lease) {
        asked.push(lease);
        const next = left.shift();
        assert.ok(next !== undefined, "it was moved once too often");
        if (next instanceof Error) {
          throw next;
        }
        return next;
      },
    },
    onAppended: ({ head }) => heads.push(head),
    onFailed: (error) => faults.push(error),
  });
  return { mover, heads, faults, asked };
}

describe("createInboxMover()", () => {
  test("moves, under its lease's epoch, until there is no more, and tells of each step", async () => {
    const { mover, heads, asked } = setup([appended(7), appended(9), "empty"]);
    await mover.runOnce();

    assert.deepEqual(heads, [7, 9]);
    assert.deepEqual(asked, [LEASE, LEASE, LEASE]);
  });

  test("leaves the rest to a new owner", async () => {
    const { mover, heads } = setup([appended(7), "fenced"]);
    await mover.runOnce();

    assert.deepEqual(heads, [7]);
  });

  test("moves once at a time, and again when it is asked again", async () => {
    const { mover, asked } = setup(["empty", "empty"]);
    await Promise.all([mover.runOnce(), mover.runOnce()]);
    assert.equal(asked.length, 1);

    await mover.runOnce();
    assert.equal(asked.length, 2);
  });

  test("tells of a store that fails, and tries again when it is asked again", async () => {
    const error = new Error("the store is not available");
    const { mover, heads, faults } = setup([error, appended(7), "empty"]);
    await mover.runOnce();
    assert.deepEqual(faults, [error]);

    await mover.runOnce();
    assert.deepEqual(heads, [7]);
  });

  test("moves nothing once it has stopped", async () => {
    const { mover, asked } = setup([]);
    mover.stop();
    await mover.runOnce();

    assert.deepEqual(asked, []);
  });
});
