import type { ContractEvent } from "../contract.ts";

/**
 * The event's `bhid`: 16 lower-case hexadecimal digits that sort as the log does.
 *
 * ```text
 *  63                                      24 23          12 11        2 1 0
 * +------------------------------------------+--------------+-----------+---+
 * | milliseconds since 2020-01-01T00:00:00Z  |   counter    |   shard   | 0 |
 * +------------------------------------------+--------------+-----------+---+
 * ```
 *
 * The vendor's own ids carry the same 40 bits of time. Milliseconds and counter are the event's offset;
 * the shard keeps apart what two shards accept in one millisecond. The time wraps around in 2054.
 */
export function bhidOf({ offset, shard }: Pick<ContractEvent, "offset" | "shard">): string {
  const milliseconds = Math.floor(offset / 4_096) % 2 ** 40;
  const counter = offset % 4_096;
  const low = (counter << 12) | (shard << 2);
  return milliseconds.toString(16).padStart(10, "0") + low.toString(16).padStart(6, "0");
}
