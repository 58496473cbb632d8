import type { Offset } from "../model/offset.ts";
import type { Settled } from "./settled.ts";

/**
 * Leaves out what a receiver said to an event that was erased while it was on its way, and the hash of what
 * it was sent; of a batch, where one member was.
 */
export function withoutErased(settled: Settled, erased: ReadonlySet<Offset>): Settled {
  const { item, outcome } = settled;
  if (erased.size === 0 || !item.offsets.some((offset) => erased.has(offset))) {
    return settled;
  }
  const { sent } = outcome;
  const silent =
    sent?.answer.kind === "status"
      ? { ...sent, answer: { ...sent.answer, headers: {}, body: new Uint8Array(0) } }
      : sent;
  return { ...settled, outcome: { ...outcome, sent: silent, payloadHash: undefined } };
}
