import type { Limits } from "./limits.ts";

/** What one lease of a process may keep that may own as many: together they keep what one would alone. */
export function limitsOfLease(limits: Limits, leases: number): Limits {
  const part = (limit: number) => Math.max(1, Math.floor(limit / leases));
  return {
    ...limits,
    payloadBytesMax: part(limits.payloadBytesMax),
    retryWindowMax: part(limits.retryWindowMax),
    routesMax: part(limits.routesMax),
    welcomesMax: part(limits.welcomesMax),
  };
}
