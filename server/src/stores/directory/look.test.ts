import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { IndexedEvent } from "../../facts.ts";
import { isSubscribed } from "../../model/subscription.ts";
import type { StoredBlock } from "./block.ts";
import { encodeBlock } from "./encode-block.ts";
import { look } from "./look.ts";
import type { Search } from "./pieces.ts";
import { createSubjectHash } from "./subject-hash.ts";

const hash = createSubjectHash(new Uint8Array(16).fill(7));
const LAST = 60;

const event = fc.record({
  offset: fc.integer({ min: 1, max: LAST }),
  tenant: fc.integer({ min: 1, max: 3 }),
  type: fc.constantFrom("a", "b", "c"),
  subject: fc.constantFrom("anna", "björn", undefined),
  to: fc.constantFrom(undefined, 4),
});

/** A log, and where blocks of its directory begin and end: one in two is there. */
const log = fc.record({
  events: fc.uniqueArray(event, { selector: ({ offset }) => offset, maxLength: 40 }),
  borders: fc.uniqueArray(fc.integer({ min: 0, max: LAST }), { maxLength: 9 }),
  isKnown: fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }),
});

const search = fc.record({
  after: fc.integer({ min: 0, max: LAST }),
  length: fc.integer({ min: 0, max: LAST }),
  isNewestFirst: fc.boolean(),
  tenant: fc.integer({ min: 1, max: 3 }),
  types: fc.constantFrom(undefined, ["a"], ["b", "c"], []),
  subject: fc.constantFrom(undefined, undefined, "anna"),
});

describe("look()", () => {
  test("sees everything that is wanted, in order, whatever parts the directory has", () => {
    fc.assert(
      fc.property(log, search, ({ events: given, borders, isKnown }, asked) => {
        const events = given.toSorted((one, other) => one.offset - other.offset);
        const blocks = blocksOf(events, borders).filter((_, index) => isKnown[index]);
        const { after, length, isNewestFirst, tenant, types, subject } = asked;
        const to = after + length;
        const subjectHash = subject === undefined ? undefined : hash(subject);
        const seen = [
          ...look(sourceOf(events, blocks), {
            after,
            to,
            isNewestFirst,
            wanted: { tenant, types, subjectHash },
          }),
        ];
        const isWanted = (each: IndexedEvent) =>
          each.tenant === tenant &&
          isSubscribed(types, each.type) &&
          (subject === undefined || each.subject === subject);
        const inOrder = isNewestFirst ? events.toReversed() : events;

        assert.deepEqual(
          seen.flatMap(({ row }) => (row !== undefined && isWanted(row) ? [row] : [])),
          inOrder.filter((each) => after < each.offset && each.offset <= to && isWanted(each)),
        );
        const places = seen.map(({ at }) => at);
        const ordered = places.toSorted((one, other) => (isNewestFirst ? other - one : one - other));
        assert.deepEqual(places, ordered, "it never goes back");
        assert.equal(new Set(places).size, places.length, "every look gets on");
        assert.ok(places.every((at) => after < at && at <= to));
      }),
    );
  });

  test("looks at nothing between what is wanted, where the directory says so", () => {
    const events = Array.from({ length: 100 }, (_, index) => ({
      offset: index + 1,
      tenant: index % 25 === 7 ? 1 : 2,
      type: "a",
      subject: undefined,
      to: undefined,
    }));
    const blocks = blocksOf(events, [0, 20, 40, 60, 80, 100]);
    const wanted = { tenant: 1 };

    const seen = [...look(sourceOf(events, blocks), { after: 0, to: 100, wanted })];

    assert.deepEqual(
      seen.map(({ at, row }) => [at, row?.tenant]),
      [
        [8, 1],
        [33, 1],
        [58, 1],
        [80, undefined],
        [83, 1],
      ],
    );
  });

  test("reads through a block that another version wrote", () => {
    const events = [{ offset: 5, tenant: 1, type: "a", subject: undefined, to: undefined }];
    const source = sourceOf(events, [{ after: 0, to: 9, bytes: Uint8Array.of(99) }]);

    assert.deepEqual(
      [...look(source, { after: 0, to: 9, wanted: { tenant: 2 } })],
      [{ at: 5, row: events[0] }],
    );
  });
});

function blocksOf(events: readonly IndexedEvent[], borders: readonly number[]): readonly StoredBlock[] {
  const ends = borders.toSorted((one, other) => one - other);
  return ends.slice(1).map((to, index) => {
    const after = ends[index] ?? 0;
    const own = events.filter(({ offset }) => after < offset && offset <= to);
    return { after, to, bytes: encodeBlock({ after, to, events: own }, hash) };
  });
}

function sourceOf(events: readonly IndexedEvent[], blocks: readonly StoredBlock[]) {
  const inOrder = <Each>(all: readonly Each[], { isNewestFirst = false }: Pick<Search, "isNewestFirst">) =>
    isNewestFirst ? all.toReversed() : all;
  let order: Pick<Search, "isNewestFirst"> = {};
  return {
    blocks(asked: Search) {
      order = asked;
      return inOrder(blocks, asked);
    },
    rows: ({ after, to }: { readonly after: number; readonly to: number }) =>
      inOrder(
        events.filter(({ offset }) => after < offset && offset <= to),
        order,
      ),
    offsetOf: ({ offset }: IndexedEvent) => offset,
  };
}
