/**
 * Let a customer see their own webhooks.
 *
 * For createPortalSession, endPortalSessions.
 */
import { posthorn, tenant } from "./posthorn.ts";

const session = await posthorn.createPortalSession(tenant, {
  expires_in: 1800,
  scopes: ["endpoints:read", "deliveries:read"],
});
console.log(session.url, session.expires_in); // → http…/portal… 1800
await posthorn.endPortalSessions(tenant); // The customer has left: no link and no session opens it now.
