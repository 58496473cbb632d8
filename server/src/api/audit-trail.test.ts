import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { StoredAuditEntry } from "../model/audit.ts";
import { Problem } from "../problem.ts";
import { StoreUnavailable } from "../store-unavailable.ts";
import {
  ADMIN_KEY,
  makeEndpoint,
  makeKey,
  postEvent,
  type Setup,
  START,
  setUpApp,
} from "./app-setup.test.ts";
import { createAuditTrail } from "./audit-trail.ts";
import { auditedAt, NOT_AUDITED } from "./audited.ts";
import { operationAt } from "./description/operations.ts";
import { makeSession } from "./every-route-setup.test.ts";

const ALL = { tenant: undefined, before: undefined, since: 0, limit: 99 };

/** Everything that was written down, oldest first. */
async function entriesOf({ store }: Setup): Promise<readonly StoredAuditEntry[]> {
  return (await store.listAudit(ALL)).toReversed();
}

const actionsOf = async (setup: Setup) => (await entriesOf(setup)).map(({ action }) => action);

describe("what is audited", () => {
  test("is every route that is no reading, but for those of a list", async () => {
    const { app } = await setUpApp();
    await app.ready();
    const left = app.routeTable
      .filter(({ method }) => method !== "GET" && method !== "HEAD")
      .filter(({ method, path }) => auditedAt(String(method), path) === undefined)
      .map(({ method, path }) => operationAt(String(method), path)?.id);

    assert.deepEqual(new Set(left), NOT_AUDITED);
  });

  test("is nothing that was refused, counted or read, and no event that was handed over", async () => {
    const setup = await setUpApp();
    const endpoint = await makeEndpoint(setup, "acme");
    const event = await postEvent(setup, "acme");
    const replay = { endpoint: endpoint.id, since: "2026-01-01T00:00:00Z", only: "all" };
    const replays = "/v1/tenants/acme/replays";
    const counted = await setup.call("POST", replays, { body: { ...replay, dry_run: true } });
    const refused = await setup.call("POST", "/v1/tenants/acme/endpoints", { body: { url: "ftp://x" } });
    const none = await setup.call("DELETE", "/v1/tenants/acme/endpoints/ep_0000000000000000");
    const rendered = await setup.call("POST", `/v1/tenants/acme/events/${event.id}/render`, {
      body: { url: "https://example.com" },
    });
    const nothing = await setup.call("POST", `/v1/tenants/acme/endpoints/${endpoint.id}/recover`);

    const statuses = [counted, refused, none, rendered, nothing].map(({ status }) => status);
    assert.deepEqual(statuses, [200, 422, 404, 200, 200]);
    assert.deepEqual(await actionsOf(setup), ["createEndpoint"]);
  });

  test("are bulk actions, with the replay that they began", async () => {
    const setup = await setUpApp();
    const { id } = await makeEndpoint(setup, "acme");
    const begun = await setup.call("POST", "/v1/tenants/acme/replays", {
      body: { endpoint: id, since: "2026-01-01T00:00:00Z", only: "all" },
    });
    await setup.call("POST", `/v1/tenants/acme/endpoints/${id}/disable`);
    await postEvent(setup, "acme");
    await setup.call("POST", `/v1/tenants/acme/endpoints/${id}/enable`);
    const recovered = await setup.call("POST", `/v1/tenants/acme/endpoints/${id}/recover`);

    assert.equal(recovered.status, 202, recovered.text);
    const [, replay, , , recovery] = await entriesOf(setup);
    assert.deepEqual([replay?.action, replay?.resource], ["createReplay", { replay: begun.body.id }]);
    assert.deepEqual(
      [recovery?.action, recovery?.resource],
      ["recover", { endpoint: id, replay: recovered.body.replay.id }],
    );
  });

  test("is what BSPK's face changes, as done by the key of its tenant", async () => {
    const setup = await setUpApp();
    const made = await setup.call("POST", "/v1/tenants/acme/keys", { body: { name: "bspk" } });
    const created = await setup.call("POST", "/api/platform/v1/webhook_endpoints", {
      key: made.body.key,
      body: { target_url: "https://example.com", events: ["client.updated"] },
    });
    assert.equal(created.status, 201, created.text);

    const entry = (await entriesOf(setup)).at(-1);
    assert.equal(entry?.action, "createBspkEndpoint");
    assert.deepEqual(entry.by, { kind: "tenant", key: made.body.id, session: undefined });
    assert.equal(entry.tenant, "acme");
    assert.equal(Object.keys(entry.resource).length, 1);
  });
});

describe("an entry", () => {
  test("has ids and nothing that was sent: no key, no secret, no subject, no payload", async () => {
    const setup = await setUpApp();
    const key = await makeKey(setup, "acme");
    const endpoint = await makeEndpoint(setup, "acme", {
      description: "canary",
      headers: { "x-a": "canary" },
    });
    await setup.call("POST", `/v1/tenants/acme/endpoints/${endpoint.id}/rotate-secret`);
    await setup.call("POST", `/v1/tenants/acme/endpoints/${endpoint.id}/test`, {
      body: { type: "a", data: "canary" },
    });
    await makeSession(setup, key);
    const erased = await setup.call("DELETE", "/v1/tenants/acme/subjects/canary");
    assert.equal(erased.status, 204, erased.text);

    const text = JSON.stringify(await entriesOf(setup));
    for (const secret of ["canary", key, endpoint.secret, ADMIN_KEY, "phk_"]) {
      assert.ok(!text.includes(secret), `${secret} is not in ${text}`);
    }
    assert.deepEqual((await entriesOf(setup)).at(-1)?.resource, {});
  });

  test("says by which session of a browser, and with whose key, from sign-in to sign-out", async () => {
    const setup = await setUpApp();
    const made = await setup.call("POST", "/v1/tenants/acme/keys", { body: { name: "ada" } });
    const cookie = await makeSession(setup, made.body.key);
    const shown = { key: "", headers: { cookie, "posthorn-session": "1" } };
    await setup.call("POST", "/v1/tenants/acme/endpoints", {
      ...shown,
      body: { url: "https://example.com" },
    });
    await setup.call("DELETE", "/v1/session", shown);

    const [, ...entries] = await entriesOf(setup);
    const session = entries[0]?.by.session;
    assert.match(session ?? "", /^ses_/);
    const by = { kind: "tenant", key: made.body.id, session };
    assert.deepEqual(
      entries.map(({ action, by: who, tenant }) => ({ action, by: who, tenant })),
      ["signIn", "createEndpoint", "signOut"].map((action) => ({ action, by, tenant: "acme" })),
    );
  });

  test("says that it was somebody in the portal", async () => {
    const setup = await setUpApp();
    const made = await setup.call("POST", "/v1/tenants/acme/portal-sessions", { body: {} });
    const link = String(made.body.url).split("link=")[1];
    const signedIn = await setup.call("POST", "/v1/session", { key: "", body: { portal_link: link } });
    const [cookie = ""] = String(signedIn.headers["set-cookie"]).split(";");
    const shown = { key: "", headers: { cookie, "posthorn-session": "portal" } };
    await setup.call("POST", "/v1/tenants/acme/endpoints", {
      ...shown,
      body: { url: "https://example.com" },
    });

    const [, , entry] = await entriesOf(setup);
    assert.equal(entry?.action, "createEndpoint");
    assert.deepEqual([entry.by.kind, entry.by.key], ["portal", undefined]);
    assert.match(entry.by.session ?? "", /^ses_portal_/);
  });

  test("is stored before the answer goes out", async () => {
    const setup = await setUpApp();
    const { store } = setup;
    const { endpoints } = setup.ports;
    const order: string[] = [];
    const registry = {
      ...store,
      async addAudit(entry: Parameters<typeof store.addAudit>[0]) {
        await new Promise(setImmediate);
        order.push("stored");
        await store.addAudit(entry);
      },
    };
    const { call } = await setUpApp({ registry, reader: store, endpoints });
    await call("POST", "/v1/tenants", { body: { id: "initech", name: "x" } });
    order.push("answered");

    assert.deepEqual(order, ["stored", "answered"]);
  });

  test("that cannot be stored leaves the answer as it is, and is told to the log", async () => {
    const other = await setUpApp();
    const registry = {
      ...other.store,
      addAudit: async () => {
        throw new StoreUnavailable("the disk is full");
      },
    };
    const setup = await setUpApp({ registry, reader: other.store, endpoints: other.ports.endpoints });
    const made = await setup.call("POST", "/v1/tenants", {
      body: { id: "initech", name: "x" },
      headers: { "x-request-id": "mine" },
    });

    assert.equal(made.status, 201);
    const [line = ""] = setup.logged.filter((each) => each.includes("audit"));
    for (const part of ["createTenant", "mine", "initech", "admin"]) {
      assert.ok(line.includes(part), line);
    }
  });
});

describe("an action of which nobody knows whether it was done", () => {
  test("has an entry with the status of its answer, as another node may yet do it", async () => {
    const other = await setUpApp();
    const registry = {
      ...other.store,
      createTenant: async () => {
        throw new Problem("store_unavailable", "It is stored, and will be done.");
      },
    };
    const setup = await setUpApp({ registry, reader: other.store, endpoints: other.ports.endpoints });
    const asked = { body: { id: "initech", name: "x" } };
    const open = await setup.call("POST", "/v1/tenants", asked);
    const stranger = await setup.call("POST", "/v1/tenants", { ...asked, key: "nobody's" });

    assert.deepEqual([open.status, stranger.status], [503, 401]);
    const entries = await entriesOf(other);
    assert.deepEqual(
      entries.slice(-1).map(({ action, status }) => ({ action, status })),
      [{ action: "createTenant", status: 503 }],
    );
  });
});

describe("createAuditTrail()", () => {
  test("runOnce() forgets what is older than 400 days, and what there is too much of", async () => {
    const setup = await setUpApp();
    const { ports, store, clock } = setup;
    const entry = {
      by: { kind: "admin", key: undefined, session: undefined },
      tenant: undefined,
      resource: {},
      requestId: "req_1",
      status: 200,
    } as const;
    for (const days of [401, 399, 3, 2, 1]) {
      await store.addAudit({ ...entry, at: START - days * 86_400_000, action: `${days}` });
    }
    const trail = createAuditTrail(ports, { entriesMax: 3 });

    assert.equal(clock.now(), START);
    assert.equal(await createAuditTrail(ports).runOnce(), 1);
    assert.deepEqual(await actionsOf(setup), ["399", "3", "2", "1"]);
    assert.equal(await trail.runOnce(), 1);
    assert.deepEqual(await actionsOf(setup), ["3", "2", "1"]);
    trail.stop();
    assert.equal(await createAuditTrail(ports, { entriesMax: 1 }).runOnce(), 2);
  });
});
