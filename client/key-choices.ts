/** Written by scripts/write-reference.ts from the API's description; do not change it by hand. */

/** What a key may be allowed. */
export const KEY_SCOPES = [
  "events:write",
  "events:read",
  "events:erase",
  "endpoints:write",
  "endpoints:read",
  "deliveries:read",
  "deliveries:write",
  "audit:read",
] as const;

/** Names of sets of it. */
export const KEY_ROLES = ["viewer", "support", "admin"] as const;
