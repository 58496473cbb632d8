import type { FrozenBatch, Hold } from "../model/delivery.ts";
import { type Lane, settledBelow } from "./lane.ts";

/** Stands before the contract's reason for a refusal, so that a person sees what was refused. */
export const HANDSHAKE = "handshake_";

/** Ends a hold: what was tried of the head of an `ordered` lane still counts when it goes again at once. */
export function endedHold(hold: Hold, now: number): Hold | undefined {
  return hold.requests === 0 ? undefined : { ...hold, until: Math.min(hold.until, now), rounds: 0 };
}

/**
 * Lets a lane go on because its endpoint was changed: that may have mended it. A hold of a refused greeting
 * ends with the greeting that is made anew.
 */
export function beginAnew(lane: Lane, now: number): void {
  const { hold, batch } = lane;
  lane.hold = hold === undefined || hold.reason.startsWith(HANDSHAKE) ? hold : endedHold(hold, now);
  lane.failures = undefined;
  lane.batch = batch && dueBy(batch, now);
}

/** A frozen batch that goes now, if it is not due already. */
export function dueBy(batch: FrozenBatch, now: number): FrozenBatch {
  return batch.dueAt <= now ? batch : { ...batch, dueAt: now };
}

/** Whether nothing is left that a hold could keep waiting, or that could end it by going well. */
export function isAtRest(lane: Lane): boolean {
  const hasRetries = lane.retriesInFlight.size > 0 || lane.due.size > 0 || lane.retries > 0;
  return settledBelow(lane) === Infinity && lane.requestsOut === 0 && !hasRetries && !lane.isReading;
}
