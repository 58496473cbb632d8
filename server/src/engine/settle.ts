import type { Discipline, HoldBackOff, RetrySchedule, Verdict } from "@posthorn/contracts/contract";
import type { Hold } from "../model/delivery.ts";
import { CIRCUIT_OPEN } from "./circuit.ts";
import type { Failing } from "./failing.ts";
import { FAILING_SEEN_MS_MIN } from "./limits.ts";
import { type Fraction, nextHold, retryDueAt } from "./schedule.ts";

/** What a verdict makes of a delivery, or of a batch. */
export type Settlement =
  /** Delivered or rejected: the attempt says it all. */
  | { readonly kind: "final" }
  /**
   * Again, on its own, while the lane moves on; a batch goes again as it was. Where the receiver fails all
   * deliveries of an `each` lane, this one goes by its schedule, and the lane waits as well: `circuit`.
   */
  | {
      readonly kind: "retry";
      readonly dueAt: number;
      readonly used: number;
      readonly reason: string;
      readonly circuit: Hold | undefined;
    }
  | { readonly kind: "dead"; readonly reason: string; readonly circuit: Hold | undefined }
  /** The lane waits. */
  | { readonly kind: "hold"; readonly hold: Hold }
  | { readonly kind: "disable"; readonly reason: string };

/** What is tried once more. */
export type Again = Settlement & { readonly kind: "retry" | "hold" };

export function goesAgain(settlement: Settlement): settlement is Again {
  return settlement.kind === "retry" || settlement.kind === "hold";
}

/** What `settle` decides from. */
export interface Settling {
  readonly verdict: Verdict;
  readonly discipline: Discipline;
  readonly retry: RetrySchedule;
  readonly holdBackOff: HoldBackOff;
  /** The lane's present hold. */
  readonly hold: Hold | undefined;
  /** Whether the receiver fails whatever it is sent; only asked of an `each` lane. */
  readonly isReceiverFailing: boolean;
  /** Requests made for the head of an `ordered` lane, this one included; 0 for others. */
  readonly headRequests: number;
  /** Retries of the schedule used before this one. */
  readonly used: number;
  readonly startedAt: number;
  readonly now: number;
  readonly fraction: Fraction;
  /** That every request to the endpoint has failed; undefined if this one was no receiver's failure. */
  readonly failing: Failing | undefined;
  /** How long that may go on; undefined: for ever. */
  readonly disableAfterMs: number | undefined;
}

/** Decides what follows from a verdict. Pure: the flush writes what this returns. */
export function settle(settling: Settling): Settlement {
  const { verdict } = settling;
  switch (verdict.kind) {
    case "delivered":
    case "rejected":
      return { kind: "final" };
    case "retry":
      if (isFailingForTooLong(settling)) {
        return FAILING_FOR_TOO_LONG;
      }
      // An ordered lane has no line to leave: what is tried again keeps everything behind it waiting.
      return settling.discipline === "ordered"
        ? held(settling, verdict.reason, verdict.afterMs)
        : retried(settling, verdict.reason, verdict.afterMs);
    case "hold":
      return isFailingForTooLong(settling)
        ? FAILING_FOR_TOO_LONG
        : held(settling, verdict.reason, verdict.afterMs);
    case "disable":
      return { kind: "disable", reason: verdict.reason };
  }
}

const FAILING_FOR_TOO_LONG: Settlement = { kind: "disable", reason: "failing_for_too_long" };

function isFailingForTooLong({ failing, disableAfterMs, now }: Settling): boolean {
  if (failing?.seen === undefined || disableAfterMs === undefined) {
    return false;
  }
  const { since, seen } = failing;
  const seenMsMin = Math.min(FAILING_SEEN_MS_MIN, disableAfterMs / 2);
  return now - since >= disableAfterMs && now - seen.at >= seenMsMin;
}

function retried(settling: Settling, reason: string, afterMs: number | undefined): Settlement {
  const { retry, used, now, fraction, discipline, isReceiverFailing } = settling;
  const circuit =
    discipline === "each" && isReceiverFailing
      ? holdFor(settling, CIRCUIT_OPEN + reason, afterMs)
      : undefined;
  const dueAt = retryDueAt(retry, { used, now, afterMs, fraction });
  return dueAt === undefined
    ? { kind: "dead", reason, circuit }
    : { kind: "retry", dueAt, used: used + 1, reason, circuit };
}

function held(settling: Settling, reason: string, afterMs: number | undefined): Settlement {
  return { kind: "hold", hold: holdFor(settling, reason, afterMs) };
}

function holdFor(settling: Settling, reason: string, afterMs: number | undefined): Hold {
  const { holdBackOff, hold, headRequests: requests, startedAt, now, fraction } = settling;
  return nextHold(holdBackOff, { hold, reason, startedAt, now, afterMs, requests, fraction });
}
