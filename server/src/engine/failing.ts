import type { FactsDraft } from "../facts.ts";
import type { Endpoint } from "../model/endpoint.ts";
import type { Outcome } from "./attempt.ts";
import { jumpBetween, type Moment } from "./moment.ts";
import { type SinceByEndpoint, setSince } from "./since.ts";

/**
 * Since when every request to an endpoint has failed, by its number; endpoints that something gets through
 * to are not in it. It is what the store has, and changes only when an endpoint begins or ends to fail.
 */
export type FailingSince = SinceByEndpoint;

/**
 * The first failure of each of them that this owner has seen, by its number. Only memory knows them. When the
 * clock on the wall is set, they move with it.
 */
export type FailuresSeen = Map<number, Moment>;

/** That every request to an endpoint has failed. */
export interface Failing {
  /** Since when, in milliseconds since 1970. */
  readonly since: number;
  /** Undefined: this owner has seen no failure itself. */
  readonly seen: Moment | undefined;
}

/** What is known of all endpoints. */
export interface KnownFailing {
  readonly failing: FailingSince;
  readonly failuresSeen: FailuresSeen;
}

/** Whether what came of a request says anything of its receiver. */
export function isReceiversDoing({ sent }: Outcome): boolean {
  // What the contract could not say was never sent.
  return sent !== undefined && sent.answer.kind !== "unsendable" && sent.answer.kind !== "sender_failed";
}

/** Whether this says that the endpoint's receiver is there, and works: whoever refuses an event does. */
export function getsThrough(outcome: Outcome): boolean {
  const { kind } = outcome.verdict;
  return isReceiversDoing(outcome) && (kind === "delivered" || kind === "rejected");
}

/**
 * Returns whether, and since when, every request to an endpoint has failed, now that one more has come to an
 * end when the monotonic clock showed `elapsed`.
 */
export function failingAfter(
  known: KnownFailing,
  endpoint: Endpoint,
  { outcome, elapsed }: { readonly outcome: Outcome; readonly elapsed: number },
): Failing | undefined {
  const failing = failingOf(known, endpoint.number);
  if (!isReceiversDoing(outcome)) {
    return failing;
  }
  switch (outcome.verdict.kind) {
    case "delivered":
    case "rejected":
      return undefined;
    case "retry":
    case "hold": {
      const now = { at: outcome.endedAt, elapsed };
      // Whoever changed the endpoint may have mended it: what failed before says nothing of it any more.
      return failing !== undefined && failing.since > endpoint.updatedAt
        ? failingOn(failing, now)
        : { since: now.at, seen: now };
    }
    case "disable":
      return undefined;
  }
}

function failingOf({ failing, failuresSeen }: KnownFailing, endpoint: number): Failing | undefined {
  const since = failing.get(endpoint);
  return since === undefined ? undefined : { since, seen: failuresSeen.get(endpoint) };
}

/** Time that only the clock on the wall has seen was no failing: whoever set it set the beginning as well. */
function failingOn({ since, seen }: Failing, now: Moment): Failing {
  if (seen === undefined) {
    // What is stored may be of a clock that ran ahead.
    return { since: Math.min(since, now.at), seen: now };
  }
  const setByMs = jumpBetween(seen, now);
  return { since: Math.max(0, since + setByMs), seen: { ...seen, at: seen.at + setByMs } };
}

/**
 * Notes whether an endpoint has been failing, in memory, and since when in the facts as well: nothing there
 * if it is no news.
 */
export function noteFailing(
  { failing, failuresSeen }: KnownFailing,
  facts: FactsDraft,
  { endpoint, now }: { readonly endpoint: number; readonly now: Failing | undefined },
): void {
  const since = now?.since;
  if (now?.seen === undefined) {
    failuresSeen.delete(endpoint);
  } else {
    failuresSeen.set(endpoint, now.seen);
  }
  if (failing.get(endpoint) === since) {
    return;
  }
  setSince(failing, endpoint, since);
  facts.failing.push({ endpoint, since });
}
