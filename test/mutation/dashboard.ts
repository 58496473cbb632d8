/** Guards of the dashboard's way in. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const API = "server/src/api";
const SESSIONS = `${API}/routes/sessions.test.ts`;

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
];
