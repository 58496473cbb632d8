import { Type } from "typebox";
import { SCOPES } from "../../../model/tenant.ts";
import type { OperationGroup } from "../operation.ts";
import { closed, nullable, text, time } from "./parts.ts";

const Session = closed(
  {
    kind: Type.Enum(["admin", "tenant"], { description: "Whose key it is." }),
    tenant: nullable(text("Of a tenant's key. Null: an admin key, which reaches all.")),
    scopes: nullable(Type.Array(Type.Enum([...SCOPES]), { description: "What it may do. Null: all." })),
    expires_at: nullable(time("When a browser's session ends. Null: a key asks.")),
  },
  "Who asks.",
);

export const sessions: OperationGroup = {
  name: "Sessions",
  description: "Browsers that are signed in: a cookie instead of a key.",
  schemas: { Session },
  operations: {
    "POST /v1/session": {
      id: "signIn",
      summary: "Exchange a key, or the link of a first start, for the cookie of a session",
      answers: { 201: Session },
    },
    "GET /v1/session": {
      id: "getSession",
      summary: "Ask who one is",
      answers: { 200: Session },
    },
    "DELETE /v1/session": {
      id: "signOut",
      summary: "End the session of a browser",
      answers: { 204: null },
    },
  },
};
