import { Type } from "typebox";
import type { OperationGroup } from "../operation.ts";
import { closed, id, nullable, pageOf, text, time } from "./parts.ts";

const AuditEntry = closed(
  {
    id: id("aud", "the entry"),
    at: time("When it was done, by the server's clock."),
    by: closed(
      {
        kind: Type.Enum(["admin", "tenant", "portal"], {
          description: "An admin key, a key of a tenant, or somebody in its portal.",
        }),
        key: nullable(
          text("The key's id, also of one that opened a session. Null: the configured admin key."),
        ),
        session: nullable(text("Of a browser. Null: a key was shown.")),
      },
      "Who did it.",
    ),
    tenant: nullable(text("Whose it was. Null: the installation's.")),
    action: text("The operation, as this description names it: createEndpoint."),
    resource: Type.Record(Type.String(), Type.String(), {
      description: "What it was done to, or what it made: ids by what they are of.",
    }),
    request_id: text("Of the call: `X-Request-Id`."),
    status: Type.Integer({ minimum: 200, maximum: 299, description: "Of the answer." }),
  },
  "Something that was done by a call of this API.",
);

export const audit: OperationGroup = {
  name: "Audit",
  description: "Who changed what.",
  schemas: { AuditEntry },
  operations: {
    "GET /v1/audit": {
      id: "listAudit",
      summary: "List what was done by the API, newest first",
      answers: { 200: pageOf(AuditEntry) },
    },
    "GET /v1/tenants/:tenant/audit": {
      id: "listTenantAudit",
      summary: "List what was done to a tenant by the API, newest first",
      answers: { 200: pageOf(AuditEntry) },
    },
  },
};
