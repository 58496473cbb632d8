import { hash } from "node:crypto";
import { SHARD_COUNT } from "./model/tenant.ts";

/** A tenant's shard follows from its id, so that the same id is in the same shard wherever it is created. */
export function shardOf(tenantId: string): number {
  return hash("sha256", tenantId, "buffer").readUInt32BE(0) % SHARD_COUNT;
}
