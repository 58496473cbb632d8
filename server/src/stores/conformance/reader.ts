import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ListedEvent, StoredEvent } from "../../model/event.ts";
import type { EventQuery, Reader } from "../../reader.ts";
import {
  factsOf,
  sampleAttempt,
  sampleDeadLetter,
  sampleGap,
  sampleLane,
  sampleRetry,
  storeEvents,
} from "./samples.ts";
import { type Open, type Setup, setUp } from "./setup.ts";

/** Lists and pages, newest first. */
export function describeReader(open: Open): void {
  describe("readEvent()", () => {
    test("reads an event of its tenant only (invariant 9)", async (t) => {
      const { stores, tenant, other } = await setUp(open, t);
      const [event] = await storeEvents(stores, tenant.number, [{}]);
      assert.ok(event);

      assert.deepEqual(await stores.readEvent(tenant.number, event.offset), event);
      assert.equal(await stores.readEvent(other.number, event.offset), undefined);
      assert.equal(await stores.readEvent(tenant.number, event.offset + 1), undefined);
    });
  });
  describe("listEvents()", () => describeListEvents(open));
  describe("listUnsettled()", () => describeListUnsettled(open));
  describe("readFacts()", () => describeReadFacts(open));
  describe("readStoredLanes()", () => describeReadStoredLanes(open));
}

/** Stores six events: mine, mine, theirs, mine, theirs, mine; returns mine. */
export async function storeMixed({ stores, tenant, other }: Setup): Promise<readonly StoredEvent[]> {
  const of = async (number: number, type: string, subject?: string) =>
    (await storeEvents(stores, number, [{ type, subject }]))[0];
  const events = [
    await of(tenant.number, "a", "s1"),
    await of(tenant.number, "b", "s2"),
    await of(other.number, "a", "s1"),
    await of(tenant.number, "a", "s2"),
    await of(other.number, "b"),
    await of(tenant.number, "a"),
  ];
  return events.flatMap((event) => (event?.tenant === tenant.number ? [event] : []));
}

/** What a list has of an event. */
function listed({ data, extensions: _, ...event }: StoredEvent): ListedEvent {
  return { ...event, dataBytes: data.length };
}

function describeListEvents(open: Open): void {
  const bounds = { limit: 10, scanMax: 100 };

  test("lists a tenant's events newest first", async (t) => {
    const setup = await setUp(open, t);
    const mine = await storeMixed(setup);

    const page = await setup.stores.listEvents({ tenant: setup.tenant.number, ...bounds });

    assert.deepEqual(page, { events: mine.map(listed).toReversed(), next: undefined });
  });

  test("lists what has the type and the subject", async (t) => {
    const setup = await setUp(open, t);
    const [first, second, third, fourth] = (await storeMixed(setup)).map(listed);
    const of = { tenant: setup.tenant.number, ...bounds };

    assert.deepEqual((await setup.stores.listEvents({ ...of, type: "a" })).events, [fourth, third, first]);
    assert.deepEqual((await setup.stores.listEvents({ ...of, subject: "s2" })).events, [third, second]);
    const both = await setup.stores.listEvents({ ...of, type: "a", subject: "s1" });
    assert.deepEqual(both.events, [first]);
  });

  test("lists from an offset on, below another", async (t) => {
    const setup = await setUp(open, t);
    const [, second, third, fourth] = await storeMixed(setup);
    assert.ok(second && third && fourth);

    const page = await setup.stores.listEvents({
      tenant: setup.tenant.number,
      from: second.offset,
      before: fourth.offset,
      ...bounds,
    });

    assert.deepEqual(page, { events: [listed(third), listed(second)], next: undefined });
  });

  for (const bound of [
    { limit: 1, scanMax: 100 },
    { limit: 3, scanMax: 100 },
    { limit: 10, scanMax: 1 },
    { limit: 2, scanMax: 4 },
  ]) {
    test(`misses nothing in pages of ${bound.limit} from ${bound.scanMax} looked at`, async (t) => {
      const setup = await setUp(open, t);
      const mine = await storeMixed(setup);

      const events = await listInPages(setup.stores, { tenant: setup.tenant.number, ...bound });

      assert.deepEqual(events, mine.map(listed).toReversed());
    });

    test(`misses nothing upwards in pages of ${bound.limit} from ${bound.scanMax} looked at`, async (t) => {
      const setup = await setUp(open, t);
      const mine = await storeMixed(setup);
      const query = { tenant: setup.tenant.number, isOldestFirst: true, ...bound };

      const events = await listInPages(setup.stores, query);

      assert.deepEqual(events, mine.map(listed));
    });
  }

  test("lists the oldest first from an offset on, below another", async (t) => {
    const setup = await setUp(open, t);
    const [, second, third, fourth] = await storeMixed(setup);
    assert.ok(second && third && fourth);

    const page = await setup.stores.listEvents({
      tenant: setup.tenant.number,
      from: second.offset,
      before: fourth.offset,
      isOldestFirst: true,
      ...bounds,
    });

    assert.deepEqual(page, { events: [listed(second), listed(third)], next: undefined });
  });

  test("looks at so many events at most", async (t) => {
    const setup = await setUp(open, t);
    const [, , third, fourth] = await storeMixed(setup);
    assert.ok(third && fourth);

    const page = await setup.stores.listEvents({ tenant: setup.tenant.number, limit: 10, scanMax: 3 });

    assert.deepEqual(page, { events: [listed(fourth), listed(third)], next: third.offset });
  });
}

async function listInPages(reader: Reader, query: EventQuery): Promise<readonly ListedEvent[]> {
  const first = await reader.listEvents(query);
  const events = [...first.events];
  for (let next = first.next; next !== undefined; ) {
    const isUpwards = query.isOldestFirst === true;
    const page = await reader.listEvents({
      ...query,
      ...(isUpwards ? { from: next + 1 } : { before: next }),
    });
    const isOn = page.next === undefined || (isUpwards ? page.next > next : page.next < next);
    assert.ok(isOn, "every page gets on");
    assert.ok(page.events.length <= query.limit);
    events.push(...page.events);
    next = page.next;
  }
  return events;
}

function describeListUnsettled(open: Open): void {
  const withoutData = ({ data: _, extensions: __, ...event }: StoredEvent) => event;

  test("lists a tenant's events after an offset, oldest first, without what they say", async (t) => {
    const setup = await setUp(open, t);
    const [first, ...later] = await storeMixed(setup);
    const query = { tenant: setup.tenant.number, endpoint: 1, scanMax: 100 };

    const found = await setup.stores.listUnsettled({ ...query, after: first?.offset ?? 0 });
    const none = await setup.stores.listUnsettled({ ...query, tenant: 99, after: 0 });

    assert.deepEqual(found, { events: later.map(withoutData), isPartial: false });
    assert.deepEqual(none, { events: [], isPartial: false });
  });

  test("leaves out what is settled or waits in retry for that endpoint, on the live cursor", async (t) => {
    const { stores, tenant, lease } = await setUp(open, t);
    const events = await storeEvents(
      stores,
      tenant.number,
      Array.from({ length: 12 }, () => ({})),
    );
    const at = (place: number) => ({ offset: events[place]?.offset ?? 0 });
    const gap = (from: number, to: number, endpoint = 1) =>
      sampleGap({ endpoint, from: at(from).offset, to: at(to).offset });
    await stores.flush(
      lease,
      factsOf({
        attempts: [
          sampleAttempt({ ...at(0) }),
          sampleAttempt({ ...at(1), verdict: "rejected" }),
          sampleAttempt({ ...at(2), verdict: "retry" }),
          sampleAttempt({ ...at(3), cursor: 4 }),
          sampleAttempt({ ...at(4), endpoint: 2 }),
        ],
        deadLetters: [sampleDeadLetter({ ...at(5) }), sampleDeadLetter({ ...at(3), cursor: 4 })],
        retries: [sampleRetry({ ...at(6) }), sampleRetry({ ...at(3), cursor: 5 })],
        // One inside another, and one of another endpoint.
        gaps: [gap(7, 10), { ...gap(8, 8), reason: "skipped" }, gap(0, 11, 2)],
      }),
    );

    const query = { tenant: tenant.number, endpoint: 1, after: 0, scanMax: 100 };
    const found = await stores.listUnsettled(query);

    const places = found.events.map(({ offset }) => events.findIndex((event) => event.offset === offset));
    assert.deepEqual(places, [2, 3, 4, 11]);
  });

  test("looks at the oldest events, and says whether there were more", async (t) => {
    const setup = await setUp(open, t);
    const [first, second] = await storeMixed(setup);
    assert.ok(first && second);
    const query = { tenant: setup.tenant.number, endpoint: 1, after: 0 };

    assert.deepEqual(await setup.stores.listUnsettled({ ...query, scanMax: 3 }), {
      events: [first, second].map(withoutData),
      isPartial: true,
    });
    assert.equal((await setup.stores.listUnsettled({ ...query, scanMax: 6 })).isPartial, false);
  });
}

function describeReadFacts(open: Open): void {
  test("reads every fact about some events, of live deliveries and replays", async (t) => {
    const { stores, lease } = await setUp(open, t);
    const wanted = {
      attempts: [
        sampleAttempt({ offset: 10 }),
        sampleAttempt({ offset: 10, endpoint: 2 }),
        sampleAttempt({ offset: 30, cursor: 4 }),
      ],
      retries: [
        sampleRetry({ offset: 30 }),
        sampleRetry({ offset: 10, cursor: 4 }),
        sampleRetry({ offset: 10, endpoint: 2 }),
      ],
      deadLetters: [sampleDeadLetter({ offset: 10, cursor: 4 }), sampleDeadLetter({ offset: 30 })],
      gaps: [
        sampleGap({ from: 1, to: 10 }),
        sampleGap({ from: 25, to: 35 }),
        sampleGap({ from: 30, to: 30, endpoint: 2 }),
      ],
    };
    const unwanted = {
      attempts: [sampleAttempt({ offset: 20 })],
      retries: [sampleRetry({ offset: 20 })],
      deadLetters: [sampleDeadLetter({ offset: 20 })],
      gaps: [sampleGap({ from: 11, to: 24 }), sampleGap({ from: 31, to: 90 })],
    };
    await stores.flush(lease, factsOf(wanted));
    await stores.flush(lease, factsOf(unwanted));

    const facts = await stores.readFacts({ tenant: 1, offsets: [30, 10] });
    const of2 = await stores.readFacts({ tenant: 1, offsets: [10, 30], endpoint: 2 });
    const none = await stores.readFacts({ tenant: 1, offsets: [] });

    assert.deepEqual(facts, wanted);
    assert.deepEqual(of2, {
      attempts: [wanted.attempts[1]],
      retries: [wanted.retries[2]],
      deadLetters: [],
      gaps: [wanted.gaps[2]],
    });
    assert.deepEqual(none, { attempts: [], retries: [], deadLetters: [], gaps: [] });
  });
}

function describeReadStoredLanes(open: Open): void {
  test("reads lanes' rows, each in its place, and counts live retries that wait", async (t) => {
    const { stores, lease } = await setUp(open, t);
    const retries = [
      sampleRetry({ offset: 10 }),
      sampleRetry({ offset: 20 }),
      sampleRetry({ offset: 10, cursor: 3 }),
      sampleRetry({ offset: 10, endpoint: 2 }),
    ];
    await stores.flush(lease, { ...factsOf({ lanes: [sampleLane()], retries }), checkpoint: 5 });

    const goesWell = { checkpoint: 5, failingSince: undefined };
    assert.deepEqual(await stores.readStoredLanes(1, [2, 1, 3]), [
      { row: undefined, retries: 1, ...goesWell },
      { row: sampleLane(), retries: 2, ...goesWell },
      { row: undefined, retries: 0, ...goesWell },
    ]);
    assert.deepEqual(await stores.readStoredLanes(1, []), []);
  });
}
