import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { DirectoryBlock } from "../../facts.ts";
import type { StoredEvent } from "../../model/event.ts";
import { isSubscribed } from "../../model/subscription.ts";
import type { LogQuery } from "../../store.ts";
import { factsOf, sampleAttempt, storedIn, storeEvents, submission, submitted } from "./samples.ts";
import { type Open, type Setup, setUp } from "./setup.ts";

/** The directory: what is found by it is what is found without it, in fewer looks. */
export function describeDirectory(open: Open): void {
  describe("the directory", () => {
    describeBlocks(open);
    describeAnswers(open);
    describeLooks(open);
    describeErasing(open);
  });
}

/** Blocks of so many events each; those that are left over are in none. */
function blocksOf(events: readonly StoredEvent[], size: number): readonly DirectoryBlock[] {
  const blocks: DirectoryBlock[] = [];
  for (let start = 0; start + size <= events.length; start += size) {
    const own = events.slice(start, start + size);
    blocks.push({ after: events[start - 1]?.offset ?? 0, to: own.at(-1)?.offset ?? 0, events: own });
  }
  return blocks;
}

function describeBlocks(open: Open): void {
  test("takeLease() tells how far it reaches, to the next process too", async (t) => {
    const { stores, tenant, lease, reopen } = await setUp(open, t);
    assert.equal(lease.directoryTo, 0);
    const events = await storeEvents(stores, tenant.number, [{}, {}, {}, {}, {}]);
    await stores.flush(lease, factsOf({ directory: blocksOf(events, 2) }));

    const taken = await (await reopen()).takeLease(0);

    assert.equal(taken.directoryTo, events[3]?.offset);
  });

  test("flush() under an old epoch adds nothing to it (invariant 7)", async (t) => {
    const { stores, tenant, lease } = await setUp(open, t);
    const events = await storeEvents(stores, tenant.number, [{}, {}]);
    await stores.takeLease(0);

    assert.equal(await stores.flush(lease, factsOf({ directory: blocksOf(events, 2) })), "fenced");

    assert.equal((await stores.takeLease(0)).directoryTo, 0);
  });
}

interface MixedSetup extends Setup {
  readonly events: readonly StoredEvent[];
  readonly all: LogQuery;
}

/** Eighty events of two tenants, of four types and three subjects; some go to one endpoint only. */
async function setUpMixed(open: Open, t: Parameters<typeof setUp>[1]): Promise<MixedSetup> {
  const setup = await setUp(open, t);
  const events: StoredEvent[] = [];
  for (let count = 0; count < 80; count += 1) {
    setup.clock.at += count % 3;
    const [event] = await storeEvents(
      setup.stores,
      count % 7 === 0 ? setup.other.number : setup.tenant.number,
      [
        {
          type: ["a", "b.one", "b.two", "größer"][(count * 5) % 4] ?? "",
          subject: ["s", "t", undefined][count % 3],
          to: count % 11 === 0 ? 3 : undefined,
        },
      ],
    );
    events.push(...(event === undefined ? [] : [event]));
  }
  const all = { lease: 0, after: 0, to: events.at(-1)?.offset ?? 0, limit: 1000, bytesMax: 1_000_000 };
  const attempts = events.map(({ offset }) => sampleAttempt({ offset, endpoint: 1 + (offset % 2) }));
  await setup.stores.flush(setup.lease, factsOf({ attempts }));
  return { ...setup, events, all };
}

function describeAnswers(open: Open): void {
  const query = fc.record({
    isOthers: fc.boolean(),
    first: fc.integer({ min: 0, max: 79 }),
    last: fc.integer({ min: 0, max: 79 }),
    looks: fc.integer({ min: 1, max: 30 }),
    types: fc.constantFrom(undefined, ["a"], ["b.*"], ["b.one", "größer"], ["none"], []),
    subject: fc.constantFrom(undefined, "s", "nobody"),
    isOldestFirst: fc.boolean(),
  });

  for (const size of [1, 7, 64, 80]) {
    test(`finds by blocks of ${size} events what a look at every event finds`, async (t) => {
      const setup = await setUpMixed(open, t);
      const { stores, events, lease, tenant, other } = setup;
      await stores.flush(lease, factsOf({ directory: blocksOf(events, size) }));
      await fc.assert(
        fc.asyncProperty(query, async ({ isOthers, first, last, ...asked }) => {
          const { number } = isOthers ? other : tenant;
          const range = { from: events[first]?.offset ?? 0, to: events[last]?.offset ?? 0 };
          const mine = events.filter(
            (event) => event.tenant === number && range.from <= event.offset && event.offset <= range.to,
          );
          const sought = { ...asked, ...range, tenant: number };
          assert.deepEqual(
            await readLogInPages(setup, sought),
            mine.filter((event) => event.to !== undefined || isSubscribed(asked.types, event.type)),
          );
          assert.deepEqual(await listInPages(setup, sought), offsetsIn(mine, asked));
          assert.deepEqual(
            await findInPages(setup, sought),
            offsetsIn(mine, { subject: asked.subject, isOldestFirst: true }),
          );
          assert.deepEqual(await attemptsInPages(setup, sought), offsetsIn(mine, { isOldestFirst: false }));
        }),
        { numRuns: 60 },
      );
    });
  }

  test("listUnsettled() finds by it what no fact settles", async (t) => {
    const { stores, events, lease, other } = await setUpMixed(open, t);
    await stores.flush(lease, factsOf({ directory: blocksOf(events, 8) }));
    const after = events[9]?.offset ?? 0;

    const found = await stores.listUnsettled({ tenant: other.number, endpoint: 1, after, scanMax: 100 });

    const isWaiting = ({ tenant, offset }: StoredEvent) => tenant === other.number && offset % 2 === 1;
    assert.deepEqual(
      found.events.map(({ offset }) => offset),
      events.filter((event) => event.offset > after && isWaiting(event)).map(({ offset }) => offset),
    );
    assert.equal(found.isPartial, false);
  });
}

interface Sought {
  readonly tenant: number;
  readonly from: number;
  readonly to: number;
  readonly looks: number;
  readonly types: readonly string[] | undefined;
  readonly subject: string | undefined;
  readonly isOldestFirst: boolean;
}

function offsetsIn(
  events: readonly StoredEvent[],
  asked: Partial<Pick<Sought, "types" | "subject" | "isOldestFirst">>,
): readonly number[] {
  const [type] = asked.types ?? [];
  const offsets = events
    .filter((event) => type === undefined || event.type === type)
    .filter((event) => asked.subject === undefined || event.subject === asked.subject)
    .map(({ offset }) => offset);
  return asked.isOldestFirst === true ? offsets : offsets.toReversed();
}

async function readLogInPages({ stores, all }: MixedSetup, { tenant, types, from, to, looks }: Sought) {
  const found: StoredEvent[] = [];
  for (let after = from - 1; after < to; ) {
    const page = await stores.readLog({ ...all, tenant, types, after, to, limit: looks });
    assert.ok(page.scannedTo > after, "every page gets on");
    found.push(...page.events);
    after = page.scannedTo;
  }
  return found;
}

async function listInPages({ stores }: MixedSetup, asked: Sought) {
  const { tenant, types, subject, isOldestFirst, looks: scanMax } = asked;
  const [type] = types ?? [];
  const filters = { ...(type === undefined ? {} : { type }), ...(subject === undefined ? {} : { subject }) };
  const found: number[] = [];
  let { from, to } = asked;
  for (let next: number | undefined = 0; next !== undefined; ) {
    const page = await stores.listEvents({
      tenant,
      ...filters,
      from,
      before: to + 1,
      isOldestFirst,
      limit: 5,
      scanMax,
    });
    found.push(...page.events.map(({ offset }) => offset));
    next = page.next;
    from = next !== undefined && isOldestFirst ? next + 1 : from;
    to = next !== undefined && !isOldestFirst ? next - 1 : to;
  }
  return found;
}

async function findInPages({ stores, all }: MixedSetup, asked: Sought) {
  const { tenant, subject, to, looks: limit } = asked;
  const found: number[] = [];
  for (let { from } = asked; from <= to; ) {
    const page = await stores.findErasable({ ...all, tenant, subject, from, to, limit });
    assert.ok(page.scannedTo >= from, "every page gets on");
    found.push(...page.offsets);
    from = page.scannedTo + 1;
  }
  return found;
}

async function attemptsInPages({ stores }: MixedSetup, { tenant, from, to, looks: scanMax }: Sought) {
  const found: number[] = [];
  let before = { offset: to + 1, endpoint: 0, cursor: 0, number: 0 };
  for (let isMore = true; isMore; ) {
    const page = await stores.listAttempts({ tenant, before, limit: 5, scanMax });
    found.push(...page.attempts.map(({ offset }) => offset));
    isMore = page.next !== undefined && page.next.offset > from;
    before = page.next ?? before;
  }
  return found.filter((offset) => offset >= from);
}

function describeLooks(open: Open): void {
  test("what is sparse is found in as many looks as there are events and blocks", async (t) => {
    const { stores, tenant, other, lease } = await setUp(open, t);
    const events: StoredEvent[] = [];
    for (let count = 0; count < 20; count += 1) {
      const theirs = Array.from({ length: 999 }, () => submitted());
      const mine = [submitted({ type: count % 2 === 0 ? "rare" : "common" })];
      const stored = await stores.append(0, [
        submission(other.number, theirs),
        submission(tenant.number, mine),
      ]);
      events.push(...storedIn(stored));
    }
    await stores.flush(lease, factsOf({ directory: blocksOf(events, 1000) }));
    const query = { lease: 0, after: 0, to: events.at(-1)?.offset ?? 0, bytesMax: 1_000_000 };

    const mine = await stores.readLog({ ...query, tenant: tenant.number, limit: 20 });
    const rare = await stores.readLog({ ...query, tenant: tenant.number, types: ["rare"], limit: 20 });
    const few = await stores.readLog({ ...query, tenant: tenant.number, types: ["rare"], limit: 19 });
    const listed = await stores.listEvents({ tenant: tenant.number, type: "rare", limit: 99, scanMax: 20 });

    const ofTypes = await stores.listEvents({
      tenant: tenant.number,
      types: ["rar*"],
      isOldestFirst: true,
      limit: 99,
      scanMax: 20,
    });

    assert.deepEqual([mine.events.length, mine.scannedTo], [20, query.to]);
    assert.deepEqual([rare.events.length, rare.scannedTo], [10, query.to]);
    assert.deepEqual([few.events.length, few.scannedTo], [10, events.at(-1001)?.offset]);
    assert.deepEqual([listed.events.length, listed.next], [10, undefined]);
    assert.deepEqual([ofTypes.events.length, ofTypes.next], [10, undefined]);
  });
}

function describeErasing(open: Open): void {
  test("an erased event is not found by its subject, also when its block is written again", async (t) => {
    const { stores, events, tenant, lease } = await setUpMixed(open, t);
    const directory = blocksOf(events, 16);
    await stores.flush(lease, factsOf({ directory }));
    const ofSubject = events.filter((event) => event.tenant === tenant.number && event.subject === "s");
    const [first, ...rest] = ofSubject.map(({ offset }) => offset);
    assert.ok(first !== undefined);
    const erasing = [{ erasure: 1, tenant: tenant.number, offsets: [first], next: undefined }];
    await stores.flush(lease, factsOf({ erasing }));
    await stores.flush(lease, factsOf({ directory }));

    const bounds = { limit: 100, scanMax: 100 };
    const found = await stores.listEvents({ tenant: tenant.number, subject: "s", ...bounds });
    const all = await stores.listEvents({ tenant: tenant.number, ...bounds });

    assert.deepEqual(
      found.events.map(({ offset }) => offset),
      rest.toReversed(),
    );
    assert.ok(
      all.events.some(({ offset }) => offset === first),
      "it keeps its place",
    );
  });
}
