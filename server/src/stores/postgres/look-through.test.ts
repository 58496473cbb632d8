import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { IndexedEvent } from "../../facts.ts";
import { encodeBlock } from "../directory/encode-block.ts";
import type { Session } from "./database.ts";
import { lookThrough, type Part } from "./directory.ts";

const BLOCKS = 100;
const EVENTS_EACH = 10;

/** A directory of blocks in which one event in ten is the tenant's, and what is read by it. */
function setUp({ typeCharacters = 1 } = {}) {
  const eventOf = (offset: number): IndexedEvent => ({
    tenant: offset % EVENTS_EACH === 5 ? 1 : 2,
    offset,
    type: "a".repeat(typeCharacters),
    subject: undefined,
    to: undefined,
  });
  const stored = Array.from({ length: BLOCKS }, (_, place) => {
    const after = place * EVENTS_EACH;
    const to = after + EVENTS_EACH;
    const events = Array.from({ length: EVENTS_EACH }, (_each, index) => eventOf(after + 1 + index));
    return {
      after_offset: after,
      to_offset: to,
      block: encodeBlock({ after, to, events }, () => 0).toBase64(),
    };
  });
  let blocksRead = 0;
  let eventsRead = 0;
  const session: Session = {
    rows: async (...[, , after, to, limit]) => {
      const found = stored
        .filter((block) => block.to_offset > Number(after) && block.after_offset < Number(to))
        .slice(0, Number(limit));
      blocksRead += found.length;
      return found;
    },
    run: async () => 0,
    script: async () => undefined,
  };
  /** A `bigint[]` in binary: five numbers before its members, each after its length. */
  async function read({ offsets }: Part) {
    assert.ok(offsets, "most of each block is another's");
    const count = (offsets.length - 20) / 12;
    eventsRead += count;
    return Array.from({ length: count }, (_, place) => ({
      offset: Number(offsets.readBigInt64BE(24 + place * 12)),
    }));
  }
  return { ports: { session, shard: 0, read }, counts: () => ({ blocksRead, eventsRead }) };
}

const EVERYTHING = { after: 0, to: BLOCKS * EVENTS_EACH, wanted: { tenant: 1 } };

describe("lookThrough()", () => {
  test("reads no more of the log than makes the page, although it may look further", async () => {
    const { ports, counts } = setUp();

    const enough = { limit: 1000, page: 2, isPage: (rows: readonly unknown[]) => rows.length > 2 };
    const { rows } = await lookThrough(ports, EVERYTHING, enough);

    assert.deepEqual(
      rows.map(({ offset }) => offset),
      [5, 15, 25],
    );
    assert.deepEqual(counts(), { blocksRead: 4, eventsRead: 3 });
  });

  test("reads on where what it has read makes no page", async () => {
    const { ports, counts } = setUp();

    const { rows } = await lookThrough(ports, EVERYTHING, { limit: 1000, page: 2, isPage: () => false });

    assert.equal(rows.length, BLOCKS);
    assert.deepEqual(counts().eventsRead, BLOCKS);
  });

  test("counts what it takes to look into large blocks as if events were looked at", async () => {
    const { ports, counts } = setUp({ typeCharacters: 9000 });

    const { rows } = await lookThrough(ports, EVERYTHING, { limit: 60 });

    assert.equal(rows.length, 60);
    // Two looks of 4 KB beside each event that is found.
    assert.equal(counts().eventsRead, 20);
  });

  test("returns no more rows than it may look at", async () => {
    const { ports } = setUp();

    const { rows } = await lookThrough(ports, EVERYTHING, { limit: 7 });

    assert.equal(rows.length, 7);
  });
});
