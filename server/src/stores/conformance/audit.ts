import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AuditEntry } from "../../model/audit.ts";
import { type Open, START, type Stores, setUp } from "./setup.ts";

function entryOf(action: string, change: Partial<AuditEntry> = {}): AuditEntry {
  return {
    at: START,
    by: { kind: "admin", key: undefined, session: undefined },
    tenant: undefined,
    action,
    resource: {},
    requestId: "req_1",
    status: 200,
    ...change,
  };
}

async function add(stores: Stores, ...entries: readonly AuditEntry[]): Promise<void> {
  for (const entry of entries) {
    await stores.addAudit(entry);
  }
}

const ALL = { tenant: undefined, before: undefined, since: 0, limit: 99 };

async function actionsIn(stores: Stores, query: Partial<Parameters<Stores["listAudit"]>[0]> = {}) {
  return (await stores.listAudit({ ...ALL, ...query })).map(({ action }) => action);
}

/** Who changed what. */
export function describeAudit(open: Open): void {
  describe("audit", () => {
    test("addAudit() stores every member, and another process reads it", async (t) => {
      const { stores, reopen } = await setUp(open, t);
      const whole = entryOf("createEndpoint", {
        by: { kind: "tenant", key: "key_a", session: "ses_b" },
        tenant: "acme",
        resource: { endpoint: "ep_é", type: "a.b" },
        requestId: "mine-1",
        status: 201,
      });
      const portal = entryOf("skip", { by: { kind: "portal", key: undefined, session: "ses_portal_c" } });
      await add(stores, whole, portal);

      assert.deepEqual(await (await reopen()).listAudit(ALL), [
        { ...portal, number: 2 },
        { ...whole, number: 1 },
      ]);
    });

    test("listAudit() gives the newest first, a page at a time, by time and then as they came", async (t) => {
      const { stores } = await setUp(open, t);
      await add(stores, entryOf("b"), entryOf("a", { at: START - 1 }), entryOf("c"), entryOf("d"));

      const first = await stores.listAudit({ ...ALL, limit: 2 });
      assert.deepEqual([...first.map(({ action }) => action)], ["d", "c"]);
      assert.deepEqual(await actionsIn(stores, { before: first[1] }), ["b", "a"]);
      assert.deepEqual(await actionsIn(stores, { before: { at: START, number: 0 } }), ["a"]);
      assert.deepEqual(await actionsIn(stores, { since: START }), ["d", "c", "b"]);
      assert.deepEqual(await actionsIn(stores, { since: START + 1 }), []);
    });

    test("listAudit() gives a tenant what was done to it alone", async (t) => {
      const { stores } = await setUp(open, t);
      const acme = { tenant: "acme" };
      await add(
        stores,
        entryOf("a", acme),
        entryOf("b", { tenant: "globex" }),
        entryOf("c"),
        entryOf("d", acme),
      );

      assert.deepEqual(await actionsIn(stores, acme), ["d", "a"]);
      assert.deepEqual(await actionsIn(stores, { ...acme, limit: 1 }), ["d"]);
      assert.deepEqual(await actionsIn(stores, { tenant: "acm" }), []);
      assert.deepEqual(await actionsIn(stores), ["d", "c", "b", "a"]);
    });

    test("forgetAudit() forgets what is older than a time, the oldest first", async (t) => {
      const { stores } = await setUp(open, t);
      await add(stores, ...[5, 1, 3, 2].map((day) => entryOf(`day ${day}`, { at: START + day })));
      const forget = (limit: number) => stores.forgetAudit({ before: START + 3, numbersKept: 99, limit });

      assert.equal(await forget(1), 1);
      assert.deepEqual((await actionsIn(stores)).length, 3);
      assert.equal(await forget(9), 1);
      assert.equal(await forget(9), 0);
      assert.deepEqual(await actionsIn(stores), ["day 5", "day 3"]);
    });

    test("forgetAudit() forgets what is too far behind the newest, and gives no number again", async (t) => {
      const { stores } = await setUp(open, t);
      await add(stores, ...["a", "b", "c", "d", "e"].map((action) => entryOf(action)));
      const forget = (numbersKept: number, limit: number) =>
        stores.forgetAudit({ before: 0, numbersKept, limit });

      assert.equal(await forget(2, 2), 2);
      assert.deepEqual(await actionsIn(stores), ["e", "d", "c"]);
      assert.equal(await forget(2, 2), 1);
      assert.equal(await forget(0, 9), 2);
      await add(stores, entryOf("f"));
      assert.deepEqual(
        (await stores.listAudit(ALL)).map(({ number }) => number),
        [6],
      );
    });
  });
}
