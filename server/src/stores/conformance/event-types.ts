import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compareTypeNames, EVENT_TYPES_MAX, type EventTypeConfig } from "../../model/event-type.ts";
import { type Open, START, setUp } from "./setup.ts";

const SCHEMA = '{"type":"object","properties":{"n":{"type":"integer"}}}';

function configOf(change: Partial<EventTypeConfig> = {}): EventTypeConfig {
  return {
    description: undefined,
    schema: undefined,
    example: undefined,
    validation: undefined,
    isDeprecated: false,
    successor: undefined,
    ...change,
  };
}

/** A change of an event type, of a tenant by its number; a new one where nothing else is said. */
function changeOf(
  tenant: number,
  name: string,
  { seen = 0, now = START, ...config }: Partial<EventTypeConfig> & { seen?: number; now?: number } = {},
) {
  return { tenant, name, seen, config: configOf(config), now };
}

/** Event types of tenants. */
export function describeEventTypes(open: Open): void {
  describe("event types", () => {
    describePuts(open);
    describeSchemaVersions(open);
    describeLists(open);
    describeRevisions(open);
    describeReopened(open);
  });
}

function describePuts(open: Open): void {
  test("putEventType() stores every member, and finds it again for its tenant alone", async (t) => {
    const { stores, tenant, other } = await setUp(open, t);
    const config = configOf({
      description: "An order was paid. é😀",
      schema: SCHEMA,
      example: '{"n":1,"text":"\\u0000 é"}',
      validation: "warn",
      isDeprecated: true,
      successor: "order.settled",
    });

    const put = await stores.putEventType({ tenant: 1, name: "order.paid", seen: 0, config, now: START });

    assert.deepEqual(put, {
      ...config,
      tenant: tenant.number,
      name: "order.paid",
      schemaVersion: 1,
      revision: 1,
      createdAt: START,
      updatedAt: START,
    });
    assert.deepEqual(await stores.findEventType(tenant.number, "order.paid"), put);
    assert.equal(await stores.findEventType(other.number, "order.paid"), undefined);
    assert.equal(await stores.findEventType(tenant.number, "Order.paid"), undefined);
    assert.ok(await stores.putEventType(changeOf(other.number, "order.paid")));
  });

  test("putEventType() changes it as it was seen, and nothing if it is not", async (t) => {
    const { stores } = await setUp(open, t);
    await stores.putEventType(changeOf(1, "a", { description: "one", validation: "reject" }));

    assert.equal(await stores.putEventType(changeOf(1, "a", { description: "again" })), undefined);
    assert.equal(await stores.putEventType(changeOf(1, "a", { seen: 7, description: "later" })), undefined);
    assert.equal(await stores.putEventType(changeOf(1, "b", { seen: 1 })), undefined);
    assert.equal((await stores.findTenant("acme"))?.eventTypesRevision, 1);
    const changed = await stores.putEventType(changeOf(1, "a", { seen: 1, now: START + 5 }));

    assert.ok(typeof changed === "object");
    const { description, validation, revision, createdAt, updatedAt } = changed;
    assert.deepEqual([description, validation, revision], [undefined, undefined, 2]);
    assert.deepEqual([createdAt, updatedAt], [START, START + 5]);
  });

  test("putEventType() registers so many and no more", async (t) => {
    const { stores } = await setUp(open, t);
    const names = Array.from({ length: EVENT_TYPES_MAX }, (_, index) => `type-${index}`);
    for (const name of names) {
      await stores.putEventType(changeOf(1, name));
    }

    assert.equal(await stores.putEventType(changeOf(1, "one more")), "too_many_event_types");
    assert.equal(await stores.findEventType(1, "one more"), undefined);
    const changed = await stores.putEventType(changeOf(1, "type-5", { seen: 6, description: "changed" }));
    assert.equal(typeof changed, "object");
    assert.equal(typeof (await stores.putEventType(changeOf(2, "one more"))), "object");
    assert.equal(await stores.deleteEventType(1, "type-7"), true);
    assert.equal(typeof (await stores.putEventType(changeOf(1, "one more"))), "object");
  });

  test("nothing is registered, changed or taken away for a deleted tenant", async (t) => {
    const { stores } = await setUp(open, t);
    await stores.putEventType(changeOf(1, "a"));
    await stores.deleteTenant(1, START);

    assert.equal(await stores.putEventType(changeOf(1, "b")), undefined);
    assert.equal(await stores.putEventType(changeOf(1, "a", { seen: 1 })), undefined);
    assert.equal(await stores.deleteEventType(1, "a"), false);
    assert.equal(await stores.putEventType(changeOf(99, "a")), undefined);
  });
}

function describeReopened(open: Open): void {
  test("the next process finds them, and goes on from their revision", async (t) => {
    const { stores, reopen } = await setUp(open, t);
    const put = await stores.putEventType(changeOf(1, "a", { schema: SCHEMA, example: '{"n":1}' }));

    const next = await reopen();

    assert.deepEqual(await next.findEventType(1, "a"), put);
    assert.equal((await next.findTenant("acme"))?.eventTypesRevision, 1);
    const changed = await next.putEventType(changeOf(1, "a", { seen: 1, schema: "true" }));
    assert.deepEqual(typeof changed === "object" && [changed.revision, changed.schemaVersion], [2, 2]);
  });
}

function describeSchemaVersions(open: Open): void {
  test("another schema is the next version; the old ones stay readable", async (t) => {
    const { stores } = await setUp(open, t);
    const steps = [SCHEMA, SCHEMA, "true", undefined, undefined, "true"];
    const seenVersions: number[] = [];
    for (const [index, schema] of steps.entries()) {
      const put = await stores.putEventType(changeOf(1, "a", { seen: index, schema, now: START + index }));
      assert.ok(typeof put === "object");
      assert.equal(put.schema, schema);
      seenVersions.push(put.schemaVersion);
    }

    assert.deepEqual(seenVersions, [1, 1, 2, 3, 3, 4]);
    const page = { tenant: 1, name: "a", before: undefined, limit: 10 };
    assert.deepEqual(await stores.listSchemaVersions(page), [
      { version: 4, schema: "true", createdAt: START + 5 },
      { version: 3, schema: undefined, createdAt: START + 3 },
      { version: 2, schema: "true", createdAt: START + 2 },
      { version: 1, schema: SCHEMA, createdAt: START },
    ]);
    const next = await stores.listSchemaVersions({ ...page, before: 4, limit: 2 });
    assert.deepEqual(
      next.map(({ version }) => version),
      [3, 2],
    );
    assert.deepEqual(await stores.listSchemaVersions({ ...page, tenant: 2 }), []);
    assert.deepEqual(await stores.listSchemaVersions({ ...page, name: "b" }), []);
  });

  test("a type that is taken away is gone, and its versions count on if it comes again", async (t) => {
    const { stores } = await setUp(open, t);
    await stores.putEventType(changeOf(1, "a", { schema: SCHEMA, description: "first" }));

    assert.equal(await stores.deleteEventType(2, "a"), false);
    assert.equal(await stores.deleteEventType(1, "a"), true);
    assert.equal(await stores.deleteEventType(1, "a"), false);
    assert.equal(await stores.findEventType(1, "a"), undefined);
    assert.deepEqual(await stores.readEventTypeRules(1), []);
    const again = await stores.putEventType(changeOf(1, "a", { schema: "false", now: START + 9 }));

    assert.ok(typeof again === "object");
    assert.deepEqual([again.description, again.schemaVersion, again.createdAt], [undefined, 2, START + 9]);
    const versions = await stores.listSchemaVersions({ tenant: 1, name: "a", before: undefined, limit: 9 });
    assert.deepEqual(
      versions.map(({ schema }) => schema),
      ["false", SCHEMA],
    );
  });

  test("a type without a schema has no version", async (t) => {
    const { stores } = await setUp(open, t);
    const put = await stores.putEventType(changeOf(1, "a"));

    assert.equal(typeof put === "object" && put.schemaVersion, 0);
    assert.deepEqual(
      await stores.listSchemaVersions({ tenant: 1, name: "a", before: undefined, limit: 9 }),
      [],
    );
  });
}

function describeLists(open: Open): void {
  test("listEventTypes() pages by name, in the order of code points", async (t) => {
    const { stores } = await setUp(open, t);
    const names = ["b", "a", "B", "\u{1f4ef}", "\uffee", "é", "a.b", "Points Updated", "a/b"];
    for (const name of names) {
      await stores.putEventType(changeOf(1, name));
    }
    await stores.putEventType(changeOf(2, "of another"));
    const sorted = names.toSorted(compareTypeNames);
    const page = async (after: string | undefined, limit: number) =>
      (await stores.listEventTypes({ tenant: 1, after, limit })).map(({ name }) => name);

    assert.deepEqual(sorted.slice(-2), ["\uffee", "\u{1f4ef}"]);
    assert.deepEqual(await page(undefined, 99), sorted);
    assert.deepEqual(await page(undefined, 4), sorted.slice(0, 4));
    assert.deepEqual(await page(sorted[3], 4), sorted.slice(4, 8));
    assert.deepEqual(
      await page("zzz\u{10ffff}", 4),
      sorted.slice(-3).filter((name) => name > "zzz"),
    );
    assert.deepEqual(
      (await stores.readEventTypeRules(1)).map(({ name }) => name),
      sorted,
    );
  });

  test("readEventTypeRules() says of each type whether and how it is checked", async (t) => {
    const { stores } = await setUp(open, t);
    await stores.putEventType(changeOf(1, "a", { schema: SCHEMA, validation: "warn" }));
    await stores.putEventType(changeOf(1, "b"));
    await stores.putEventType(changeOf(1, "c", { schema: SCHEMA }));
    await stores.putEventType(changeOf(1, "c", { seen: 3 }));

    assert.deepEqual(await stores.readEventTypeRules(1), [
      { name: "a", validation: "warn", schemaVersion: 1, hasSchema: true },
      { name: "b", validation: undefined, schemaVersion: 0, hasSchema: false },
      { name: "c", validation: undefined, schemaVersion: 2, hasSchema: false },
    ]);
    assert.deepEqual(await stores.readEventTypeRules(2), []);
  });
}

function describeRevisions(open: Open): void {
  test("every change raises its tenant's revision, and no other's", async (t) => {
    const { stores } = await setUp(open, t);
    const revision = async () => (await stores.findTenant("acme"))?.eventTypesRevision;
    const seen: unknown[] = [await revision()];
    await stores.putEventType(changeOf(1, "a"));
    seen.push(await revision());
    await stores.putEventType(changeOf(1, "a", { seen: 1 }));
    seen.push(await revision());
    await stores.deleteEventType(1, "a");
    seen.push(await revision());
    await stores.deleteEventType(1, "a");
    seen.push(await revision(), (await stores.tenantByNumber(1))?.eventTypesRevision);

    assert.deepEqual(seen, [0, 1, 2, 3, 3, 3]);
    assert.equal((await stores.findTenant("globex"))?.eventTypesRevision, 0);
  });
}
