/** Guards of what administrators look at: the audit log, and what the installation runs on. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const API = "server/src/api";
const TRAIL = `${API}/audit-trail.test.ts`;
const SYSTEM = `${API}/routes/system.test.ts`;
const ROUTE = `${API}/routes/audit.test.ts`;

export const AUDIT_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf(
    `${API}/audit-trail.ts`,
    [
      "an answer does not wait for its audit entry",
      "          await record(request, audited, reply.statusCode);",
      "          void record(request, audited, reply.statusCode);",
      TRAIL,
    ],
    [
      "what was refused is audited",
      "isLeftOpen || audited.isDone(reply.statusCode)",
      "request.caller !== undefined",
      TRAIL,
    ],
    ["what another node may yet do is not audited", "if (isLeftOpen || audited", "if (audited", TRAIL],
    ["the audit log keeps a subject that was erased", 'name !== "subject" && ', "", TRAIL],
    [
      "the audit log takes the portal's session for a key",
      '  return session === "portal"',
      '  return session === "portal" && false',
      TRAIL,
    ],
    ["the audit log grows without an end", "numbersKept: entriesMax", "numbersKept: 1e9", TRAIL],
    ["the audit log is kept for ever", "clock.now() - AUDIT_DAYS_MAX * DAY_MS", "0", TRAIL],
  ),
  ...mutationsOf("dashboard/src/text/needed-scopes.ts", [
    "everybody is offered the audit log",
    '!asked.startsWith("GET /audit")',
    "true",
    "dashboard/src/text/needed-scopes.test.ts",
  ]),
  ...mutationsOf(
    `${API}/routes/system.ts`,
    [
      "any key sees what the installation runs on",
      '"/v1/system", { onRequest: access.admin }',
      '"/v1/system", { onRequest: access.anyone }',
      SYSTEM,
    ],
    [
      "any key sees the nodes",
      '"/v1/nodes", { onRequest: access.admin }',
      '"/v1/nodes", { onRequest: access.anyone }',
      SYSTEM,
    ],
  ),
  ...mutationsOf(`${API}/audited.ts`, [
    "a dry run is audited as done",
    " && !(status === 200 && 202 in answers)",
    "",
    TRAIL,
  ]),
  ...mutationsOf(
    `${API}/routes/audit.ts`,
    ["any key of a tenant reads its audit log", 'access.tenant("audit:read")', "access.tenantKey", ROUTE],
    [
      "keys of tenants read all of the audit log",
      "onRequest: access.admin",
      "onRequest: access.anyone",
      ROUTE,
    ],
    [
      "a tenant's audit log has other tenants' entries",
      "pageOfAudit(ports, tenantOf(request).id, request.query)",
      "pageOfAudit(ports, undefined, request.query)",
      ROUTE,
    ],
  ),
];
