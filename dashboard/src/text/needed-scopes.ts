import type { Session } from "@posthorn/client/operations";
import type { ApiCall } from "./curl.ts";

export type Scope = NonNullable<Session["scopes"]>[number];

/** The first that fits what is asked says which scopes allow it: any of them does. */
const NEEDS: readonly (readonly [RegExp, readonly Scope[]])[] = [
  [/^POST \/deliveries\//, ["events:write", "deliveries:write"]],
  [/^POST \/renderings$/, ["events:read"]],
  [/^POST \/replays/, ["events:write", "deliveries:write"]],
  [/^POST \/endpoints\/[^/]+\/(pause|resume|skip|recover)$/, ["endpoints:write", "deliveries:write"]],
  [/^\w+ \/endpoints/, ["endpoints:write"]],
  [/^GET \/audit/, ["audit:read"]],
  [/^DELETE \/(events|subjects)\//, ["events:erase"]],
  [/^\w+ \/(events|event-types)/, ["events:write"]],
];

/** Whether a session may make a call: what it may not, no screen offers. The server refuses it anyway. */
export function mayCall({ kind, scopes }: Session, { method, path }: ApiCall): boolean {
  if (kind === "admin") {
    return true;
  }
  const asked = `${method} ${path.replace(/^\/v1\/tenants\/[^/]+/, "")}`;
  if (method === "GET" && !asked.startsWith("GET /audit")) {
    return true;
  }
  // Keys, tenants and what is the installation's are an administrator's.
  const needs = NEEDS.find(([pattern]) => pattern.test(asked))?.[1] ?? [];
  return scopes === null ? needs.length > 0 : needs.some((scope) => scopes.includes(scope));
}
