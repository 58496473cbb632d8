import { hash } from "node:crypto";
import type { ApiKey, Scope } from "../model/tenant.ts";

interface Asking {
  /** Of the key that is shown, or that opened the session. */
  readonly digest: Uint8Array;
  /** By what session. Absent: a key is shown. */
  readonly session?: "dashboard" | "portal";
  /** Of that session: `ses_…`. */
  readonly sessionId?: string;
}

export interface AdminCaller extends Asking {
  readonly kind: "admin";
  /** Undefined: the configured one. */
  readonly key: ApiKey | undefined;
}

export interface TenantCaller extends Asking {
  readonly kind: "tenant";
  readonly tenant: number;
  /** Of a portal's session: what is stored of it, with what it may do. */
  readonly key: ApiKey;
}

/** Who asks: the administrator, or someone with a key of one tenant. */
export type Caller = AdminCaller | TenantCaller;

/** Returns what the store knows a key by. */
export function digestOf(key: string): Uint8Array {
  return hash("sha256", key, "buffer");
}

/** Whether a key may do what a scope names. */
export function hasScope(caller: Caller, scope: Scope): boolean {
  return caller.kind === "admin" || (caller.key.scopes?.includes(scope) ?? true);
}
