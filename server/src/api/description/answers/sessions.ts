import { Type } from "typebox";
import { SCOPES } from "../../../model/tenant.ts";
import { PORTAL_SCOPES } from "../../portal-links.ts";
import type { OperationGroup } from "../operation.ts";
import { closed, count, flag, nullable, text, time } from "./parts.ts";

const Session = closed(
  {
    is_portal: flag("Whether it is the portal's: of one tenant, for a while, and of less than a key may."),
    kind: Type.Enum(["admin", "tenant"], { description: "Whose key it is." }),
    tenant: nullable(text("Of a tenant's key. Null: an admin key, which reaches all.")),
    scopes: nullable(Type.Array(Type.Enum([...SCOPES]), { description: "What it may do. Null: all." })),
    expires_at: nullable(time("When a browser's session ends. Null: a key asks.")),
  },
  "Who asks.",
);

const PortalSession = closed(
  {
    url: text("Opens the portal, once. Whoever has it is let in: it is for one person's browser."),
    url_expires_at: time("Until when it must be opened."),
    expires_in: count("Seconds that the session lasts, once it was."),
    scopes: Type.Array(Type.Enum([...PORTAL_SCOPES]), { description: "What it may do." }),
  },
  "A way into the portal of one tenant.",
);

export const sessions: OperationGroup = {
  name: "Sessions",
  description: "Browsers that are signed in: a cookie instead of a key.",
  schemas: { Session, PortalSession },
  operations: {
    "POST /v1/session": {
      id: "signIn",
      summary: "Exchange a key, or a link that is good once, for the cookie of a session",
      answers: { 201: Session },
    },
    "POST /v1/tenants/:tenant/portal-sessions": {
      id: "createPortalSession",
      summary: "Make a link that opens the portal of a tenant, once",
      isBodyOptional: true,
      answers: { 201: PortalSession },
    },
    "DELETE /v1/tenants/:tenant/portal-sessions": {
      id: "endPortalSessions",
      summary: "End all sessions of a tenant's portal, and links that were not opened yet",
      answers: { 204: null },
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
