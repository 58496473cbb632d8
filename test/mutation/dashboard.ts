/** Guards of the dashboard's way in, and of what it shows of requests. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const API = "server/src/api";
const SESSIONS = `${API}/routes/sessions.test.ts`;
const SENT_REQUEST = `${API}/sent-request.test.ts`;

export const DASHBOARD_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf(
    `${API}/sessions.ts`,
    [
      "a cookie counts whatever page sends it",
      "    if (request.headers[SESSION_HEADER] === undefined) {",
      "    if (false) {",
      SESSIONS,
    ],
    ["a session goes on after its time", "|| (row.expiresAt ?? 0) <= clock.now()", "", SESSIONS],
    ["a link signs in again and again", "    linkDigest = undefined;\n", "", SESSIONS],
    ["a link signs in for ever", " || clock.now() >= linkEndsAt", "", SESSIONS],
    ["a tenant has any number of sessions", ".slice(SESSIONS_MAX - 1)", ".slice(10_000)", SESSIONS],
    [
      "signing out ends nothing",
      "        await registry.revokeKey(found.row.tenant, found.row.id);\n",
      "",
      SESSIONS,
    ],
  ),
  ...mutationsOf(`${API}/access.ts`, [
    "what is stored of a session is a key",
    "      isSession(found) ||\n",
    "",
    SESSIONS,
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
