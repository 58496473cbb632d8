import { hash } from "node:crypto";
import type { ApiKey } from "../model/tenant.ts";

/** Who asks: the administrator, or someone with a key of one tenant. */
export type Caller =
  | { readonly kind: "admin" }
  | { readonly kind: "tenant"; readonly tenant: number; readonly key: ApiKey };

/** Returns what the store knows a key by. */
export function digestOf(key: string): Uint8Array {
  return hash("sha256", key, "buffer");
}
