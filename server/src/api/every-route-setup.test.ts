/** What the tests share that walk through the table of routes: a route that is added is tested, too. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Attempt, LIVE } from "../model/delivery.ts";
import type { RouteEntry } from "./allowed-methods.ts";
import {
  type Answer,
  makeEndpoint,
  makeKey,
  postEvent,
  type Sent,
  type Setup,
  setUpApp,
} from "./app-setup.test.ts";

interface Owned {
  readonly key: string;
  /** Of a browser that signed in with the key: a cookie. */
  readonly session: string;
  /** Values for the parameters of paths, by name. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A request that failed and may be made again, so that nothing follows from it. */
const ATTEMPT: Omit<Attempt, "endpoint" | "cursor" | "offset" | "number" | "startedAt"> = {
  durationMs: 1,
  connectedMs: 1,
  headersMs: 1,
  verdict: "retry",
  reason: "status_500",
  status: 500,
  detail: undefined,
  answer: undefined,
  payloadHash: new Uint8Array(16),
  batch: undefined,
};

async function ownedBy(setup: Setup, tenant: string): Promise<Owned> {
  const endpoint = await makeEndpoint(setup, tenant, { contract: "bspk", description: `canary-${tenant}` });
  const event = await postEvent(setup, tenant, { subject: `canary-${tenant}`, data: `canary-${tenant}` });
  const [delivery] = (await setup.call("GET", `/v1/tenants/${tenant}/deliveries`)).body.data;
  await postEvent(setup, tenant, { type: "service_run", subject: `canary-${tenant}` });
  const place = setup.ports.ids.deliveryPlaceOf(delivery.id);
  assert.ok(place);
  const attempt = { ...place, cursor: LIVE, number: 1 };
  await setup.flush({ attempts: [{ ...ATTEMPT, ...attempt, startedAt: setup.clock.at }] });
  const type = `canary-${tenant}`;
  const schema = { title: type };
  await setup.call("POST", `/v1/tenants/${tenant}/event-types`, { body: { name: type, schema } });
  const made = await setup.call("POST", `/v1/tenants/${tenant}/keys`, { body: { name: `canary-${tenant}` } });
  const wanted = { endpoint: endpoint.id, since: "2026-01-01T00:00:00Z", only: "all" };
  const replay = await setup.call("POST", `/v1/tenants/${tenant}/replays`, { body: wanted });
  const key = await makeKey(setup, tenant);
  return {
    key,
    session: await makeSession(setup, key),
    parameters: {
      tenant,
      endpoint: endpoint.id,
      event: event.id,
      delivery: delivery.id,
      attempt: setup.ports.ids.attempt(attempt),
      replay: replay.body.id,
      key: made.body.id,
      type,
      subject: `canary-${tenant}`,
      id: String(setup.ports.ids.endpointNumberOf(endpoint.id)),
    },
  };
}

/** Signs in with a key, and returns the cookie as a browser would send it. */
export async function makeSession(setup: Setup, key: string): Promise<string> {
  const { status, text, headers } = await setup.call("POST", "/v1/session", { key: "", body: { key } });
  assert.equal(status, 201, text);
  const [cookie = ""] = String(headers["set-cookie"]).split(";");
  return cookie;
}

/** How a credential is shown: a key as one, a session as the cookie of a page of this server. */
function shownAs(credential: string): Partial<Sent> {
  return credential.startsWith("posthorn_")
    ? { key: "", headers: { cookie: credential, "posthorn-session": "1" } }
    : // Where spektr's own list looks for it.
      { key: credential, headers: credential === "" ? {} : { "x-api-key": credential } };
}

export async function twoTenants() {
  const all = await setUpApp();
  await all.app.ready();
  const acme = await ownedBy(all, "acme");
  const globex = await ownedBy(all, "globex");
  const routes = all.app.routeTable.filter(({ method }) => method !== "HEAD");
  return { ...all, acme, globex, routes };
}

export function pathOf({ path }: RouteEntry, parameters: Owned["parameters"]): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = parameters[name];
    assert.ok(value, `a value for the parameter ${name} of ${path}`);
    return value;
  });
}

type Method = Parameters<Setup["call"]>[0];

const BODIES: Readonly<Record<string, object>> = {
  tenants: { name: "x" },
  clock: { by_ms: 1 },
  listeners: { url: "https://example.com" },
  render: { url: "https://example.com" },
  renderings: { type: "a" },
  session: { key: "phk_invalid" },
  "portal-sessions": {},
  keys: { name: "x" },
  events: { type: "a", data: 1 },
  endpoints: { url: "https://example.com" },
  replays: { endpoint: "ep_x", since: "2026-01-01T00:00:00Z", only: "all" },
  "event-types": { name: "another" },
  "PATCH event-types": { description: "another" },
  webhook_endpoints: { target_url: "https://example.com", events: [] },
};

// They take none.
const VERBS: ReadonlySet<string> = new Set([
  "enable",
  "disable",
  "pause",
  "resume",
  "rotate-secret",
  "test",
  "skip",
  "recover",
  "retry",
  "replay",
  "cancel",
]);

/** Sends a request whose body would be taken, so that only access can refuse it. */
export async function send(
  all: Setup,
  route: RouteEntry,
  { path, key }: { path: string; key: string },
): Promise<Answer> {
  const resource = route.path.split("/").findLast((part) => Object.hasOwn(BODIES, part)) ?? "";
  const isVerb = VERBS.has(route.path.split("/").at(-1) ?? "");
  const takesBody = (route.method === "POST" || route.method === "PATCH") && !isVerb;
  return await all.call(route.method as Method, path, {
    ...shownAs(key),
    ...(takesBody ? { body: BODIES[`${route.method} ${resource}`] ?? BODIES[resource] } : {}),
  });
}

export const isOfTenant = ({ path }: RouteEntry) => path.includes(":tenant");
export const isOfFace = ({ path }: RouteEntry) => path.startsWith("/api/platform/v1");

test("the table of routes has what is promised", async () => {
  const { routes } = await twoTenants();
  assert.ok(routes.filter(isOfTenant).length >= 25);
  assert.equal(routes.filter(isOfFace).length, 5);
});
