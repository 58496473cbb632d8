/** Guards of the dashboard's way in, and of what it shows of requests. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const API = "server/src/api";
const SESSIONS = `${API}/routes/sessions.test.ts`;
const SENT_REQUEST = `${API}/sent-request.test.ts`;

const TENANT_ENDPOINTS = `${API}/tenant-endpoints.test.ts`;
const PORTAL = `${API}/routes/portal-sessions.test.ts`;

export const DASHBOARD_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf("dashboard/src/read-further.ts", [
    "a list reads all there is for a state that nothing is in",
    " && pages < PAGES_MAX",
    "",
    "dashboard/src/read-further.test.ts",
  ]),
  ...mutationsOf(
    `${API}/sessions.ts`,
    [
      "a cookie counts whatever page sends it",
      "    if (request.headers[SESSION_HEADER] === undefined) {",
      "    if (false) {",
      SESSIONS,
    ],
    ["a session goes on after its time", "|| (row.expiresAt ?? 0) <= clock.now()", "", SESSIONS],
    ["a link signs in again and again", "    signIn = undefined;\n", "", SESSIONS],
    ["a link signs in for ever", " || clock.now() >= linkEndsAt", "", SESSIONS],
    [
      "a portal's session does what its key may",
      "  const scopes = (row.scopes ?? []).filter((scope) => hasScope(maker, scope));",
      "  const scopes = undefined;",
      PORTAL,
    ],
    [
      "what is stored of a link is a session",
      "    if (sessionKindOf(row) !== kind) {",
      "    if (false) {",
      PORTAL,
    ],
    [
      "signing out ends nothing",
      "        await registry.deleteKey(found.row.tenant, found.row.id);\n",
      "",
      SESSIONS,
    ],
  ),
  ...mutationsOf(
    `${API}/tenant-endpoints.ts`,
    [
      "a list goes by endpoints as they once were",
      "missing === 0 ? [] : await store.readChanged(store.leaseOf(shard), known.changes);",
      "missing === 0 || missing > 0 ? [] : await store.readChanged(store.leaseOf(shard), known.changes);",
      TENANT_ENDPOINTS,
    ],
    ["endpoints that a database has forgotten are listed", " || missing < 0", "", TENANT_ENDPOINTS],
  ),
  ...mutationsOf(`${API}/endpoint-table.ts`, [
    "an endpoint with a glob is owed nothing",
    'eventTypes === undefined || eventTypes.some((name) => name.includes("*"))',
    "eventTypes === undefined",
    TENANT_ENDPOINTS,
  ]),
  ...mutationsOf(`${API}/routes/deliveries.ts`, [
    "what was replayed from another endpoint is not listed",
    "type === undefined && (await isOwn())",
    "type === undefined && (await isOwn(), true)",
    `${API}/routes/deliveries.test.ts`,
  ]),
  ...mutationsOf("server/src/stores/scans.ts", [
    "dead letters of another tenant are listed",
    'return isAnother && row["tenant"] === query.tenant;',
    "return isAnother && query.tenant > 0;",
    "server/src/stores/sqlite/open.test.ts",
  ]),
  ...mutationsOf(
    `${API}/access.ts`,
    ["what is stored of a session is a key", "      isSession(found) ||\n", "", SESSIONS],
    [
      "a portal's session opens others",
      '      if ((await reach(request, reply)).session === "portal") {',
      '      if ((await reach(request, reply)).session !== "portal" && false) {',
      PORTAL,
    ],
    [
      "any key sees payloads",
      '  return caller !== undefined && hasScope(caller, "events:read");',
      "  return caller !== undefined;",
      `${API}/roles.test.ts`,
    ],
  ),
  ...mutationsOf(
    `${API}/session-room.ts`,
    ["a tenant has any number of sessions", ".slice(SESSIONS_MAX - 1)", ".slice(10_000)", SESSIONS],
    ["sessions of the portal end others", " && sessionKindOf(row) === kind", "", PORTAL],
  ),
  ...mutationsOf(
    `${API}/portal-links.ts`,
    [
      "a link of the portal opens it again and again",
      " || !(await registry.deleteKey(row.tenant, row.id))",
      "",
      PORTAL,
    ],
    ["a link of the portal is good for ever", "(row.expiresAt ?? 0) <= clock.now() || ", "", PORTAL],
    [
      "a key hands on more than it may",
      "scopes.filter((scope) => hasScope(caller, scope))",
      "scopes",
      PORTAL,
    ],
  ),
  ...mutationsOf(`${API}/routes/sessions.ts`, [
    "any page has the portal's cookie sent from its frame",
    " && portalOrigins.length > 0;",
    ";",
    PORTAL,
  ]),
  ...mutationsOf(
    `${API}/shown-headers.ts`,
    [
      "every header of a contract is shown",
      "return SHOWN.has(lower) || lower.startsWith(SHOWN_PREFIX);",
      "return true || SHOWN.has(lower) || lower.startsWith(SHOWN_PREFIX);",
      SENT_REQUEST,
    ],
    [
      "an endpoint's own headers are shown",
      ".map((name) => ({ name, value: null })),",
      ".map((name) => ({ name, value: own[name] ?? null })),",
      SENT_REQUEST,
    ],
    [
      "a URL's query is shown",
      "${encodeURIComponent(name)}=${NOT_SHOWN}",
      "${name}=${url.search}",
      SENT_REQUEST,
    ],
    ["a URL's user is shown", "`${NOT_SHOWN}@`", "`${url.username}@`", SENT_REQUEST],
  ),
  ...mutationsOf(
    `${API}/sent-request.ts`,
    [
      "a payload that is another one is said to match",
      "if (Buffer.from(attempt.payloadHash ?? []).equals(digest(payload))) {",
      "if (attempt.payloadHash !== undefined) {",
      SENT_REQUEST,
    ],
    [
      "what was erased is made again",
      "    if (event === undefined || isErased(event)) {",
      "    if (event === undefined) {",
      SENT_REQUEST,
    ],
  ),
  ...mutationsOf(`${API}/batch-members.ts`, [
    "what another cursor sent is of the batch",
    "      if (other.cursor !== cursor) {",
    "      if (other === undefined) {",
    SENT_REQUEST,
  ]),
  ...mutationsOf(`${API}/unmatched.ts`, [
    "it goes by the subscription of today",
    "const { eventTypes } = version ?? currentVersion(endpoint);",
    "const { eventTypes } = currentVersion(endpoint);",
    `${API}/routes/unmatched.test.ts`,
  ]),
];
