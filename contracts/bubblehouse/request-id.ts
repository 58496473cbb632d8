import { createHash } from "node:crypto";
import type { ContractAttempt } from "../contract.ts";

/**
 * The attempt's UUID: the same for the same attempt, another for every other.
 *
 * Version 8 (RFC 9562), as its bits are a SHA-256 of the attempt's id and time.
 */
export function requestIdOf({ id, at }: ContractAttempt): string {
  const bytes = createHash("sha256").update(`${id} ${at}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
