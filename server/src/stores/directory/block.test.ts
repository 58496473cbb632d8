import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { DirectoryBlock, IndexedEvent } from "../../facts.ts";
import { isSubscribed } from "../../model/subscription.ts";
import { findInBlock, type StoredBlock, type Wanted, withoutSubjects } from "./block.ts";
import { encodeBlock } from "./encode-block.ts";
import { createSubjectHash } from "./subject-hash.ts";

const hash = createSubjectHash(new Uint8Array(16).fill(7));

const TYPES = ["client.updated", "client.created", "Points Updated", "größer", "x".repeat(128)];
const SUBJECTS = [undefined, "anna", "björn", "c".repeat(300), ""];

const event = fc.record({
  step: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 2 ** 40 })),
  tenant: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 2 ** 33 })),
  type: fc.constantFrom(...TYPES),
  subject: fc.constantFrom(...SUBJECTS),
  to: fc.constantFrom(undefined, undefined, 9),
});

/** A block of up to 60 events, whatever they are. */
const block: fc.Arbitrary<DirectoryBlock> = fc
  .record({ after: fc.integer({ min: 0, max: 2 ** 45 }), steps: fc.array(event, { maxLength: 60 }) })
  .map(({ after, steps }) => {
    let offset = after;
    const events = steps.map(({ step, ...rest }) => ({ ...rest, offset: (offset += step) }));
    return { after, to: offset, events };
  });

const wanted = fc.record(
  {
    tenant: fc.integer({ min: 1, max: 4 }),
    types: fc.array(fc.constantFrom(...TYPES, "client.*", "*", "none"), { maxLength: 3 }),
    hasAddressed: fc.boolean(),
    subject: fc.constantFrom("anna", "björn", "", "nobody"),
  },
  { requiredKeys: ["tenant"] },
);

function stored(each: DirectoryBlock): StoredBlock {
  return { after: each.after, to: each.to, bytes: encodeBlock(each, hash) };
}

function isWanted(each: IndexedEvent, { subject, ...asked }: Wanted & { subject?: string | undefined }) {
  const { tenant, types, hasAddressed = false } = asked;
  const isOfType = isSubscribed(types, each.type) || (hasAddressed && each.to !== undefined);
  return each.tenant === tenant && isOfType && (subject === undefined || each.subject === subject);
}

function sought({ subject, ...rest }: Wanted & { subject?: string | undefined }): Wanted {
  return { ...rest, subjectHash: subject === undefined ? undefined : hash(subject) };
}

describe("findInBlock()", () => {
  test("names what a scan of the same events finds, whatever they are", () => {
    fc.assert(
      fc.property(block, wanted, (each, asked) => {
        const offsets = each.events.filter((one) => isWanted(one, asked)).map(({ offset }) => offset);
        const { length } = each.events.filter((one) => isWanted(one, { ...asked, subject: undefined }));
        const isMost = asked.subject === undefined && length * 2 > each.events.length;
        assert.deepEqual(findInBlock(stored(each), sought(asked)), isMost ? undefined : offsets);
      }),
      { numRuns: 300 },
    );
  });

  test("names events with a `to` whatever their type, where that is asked", () => {
    const events = [{ ...sample(1), to: 9 }, sample(2), { ...sample(3), type: "b" }];
    const each = stored({ after: 0, to: 3, events });

    assert.deepEqual(findInBlock(each, { tenant: 1, types: [] }), []);
    assert.deepEqual(findInBlock(each, { tenant: 1, types: [], hasAddressed: true }), [1]);
    assert.equal(findInBlock(each, { tenant: 1, types: ["b"], hasAddressed: true }), undefined, "most");
  });

  test("knows no block that another version wrote", () => {
    const each = stored({ after: 0, to: 5, events: [] });
    const bytes = Uint8Array.of(2, ...each.bytes.subarray(1));

    assert.equal(findInBlock({ ...each, bytes }, { tenant: 1 }), undefined);
    assert.equal(withoutSubjects({ ...each, bytes }, new Set([1])), undefined);
  });

  test("throws where a block is cut off before what is wanted", () => {
    const events = [{ ...sample(4), tenant: 2 }, { ...sample(5), tenant: 2 }, sample(6)];
    const each = stored({ after: 0, to: 6, events });
    const beforeHashes = each.bytes.length - 3 * events.length;
    for (let length = 0; length < beforeHashes; length += 1) {
      const cut = { ...each, bytes: each.bytes.subarray(0, length) };
      assert.throws(() => findInBlock(cut, { tenant: 1 }), RangeError);
    }
  });
});

describe("withoutSubjects()", () => {
  test("forgets the subjects of these events, and nothing else", () => {
    const subject = fc.constantFrom("anna", "björn", "", "nobody");
    const asking = fc.record({ tenant: fc.integer({ min: 1, max: 4 }), subject });
    const chosen = fc.tuple(block, fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), asking);
    fc.assert(
      fc.property(chosen, ([each, erased, asked]) => {
        const isErased = (offset: number) => erased[each.events.findIndex((one) => one.offset === offset)];
        const offsets = each.events.map(({ offset }) => offset).filter(isErased);
        const after = withoutSubjects(stored(each), new Set(offsets));
        const events = each.events.map((one) => ({
          ...one,
          subject: isErased(one.offset) === true ? undefined : one.subject,
        }));
        assert.ok(after);
        assert.deepEqual(
          findInBlock(after, sought(asked)),
          events.filter((one) => isWanted(one, asked)).map(({ offset }) => offset),
        );
      }),
    );
  });

  test("leaves no byte of a hash", () => {
    const each = stored({ after: 0, to: 5, events: [sample(5)] });
    const after = withoutSubjects(each, new Set([5]));
    assert.deepEqual([...(after?.bytes.subarray(-3) ?? [])], [0, 0, 0]);
    assert.notDeepEqual([...each.bytes.subarray(-3)], [0, 0, 0], "the block that was given stays as it is");
  });
});

describe("encodeBlock()", () => {
  test("takes few bytes an event", () => {
    const types = Array.from({ length: 20 }, (_, index) => `resource_${index}.updated`);
    const events = Array.from({ length: 1024 }, (_, index) => ({
      // A thousand events a second.
      offset: 4096 * index + 1,
      tenant: 1 + (index % 50),
      type: types[index % types.length] ?? "",
      subject: `customer ${index}`,
      to: undefined,
    }));

    const bytes = encodeBlock({ after: 0, to: 4096 * 1023 + 1, events }, hash).length;

    assert.ok(bytes / events.length < 8, `${bytes / events.length} bytes an event`);
  });
});

function sample(offset: number): IndexedEvent {
  return { offset, tenant: 1, type: "client.updated", subject: "anna", to: undefined };
}
