import type { FactsDraft } from "../facts.ts";
import type { Endpoint } from "../model/endpoint.ts";
import type { Outcome } from "./attempt.ts";
import { type SinceByEndpoint, setSince } from "./since.ts";

/**
 * Since when every request to an endpoint has failed, by its number; endpoints that something gets through
 * to are not in it. It is what the store has, and changes only when an endpoint begins or ends to fail.
 */
export type FailingSince = SinceByEndpoint;

/** Whether what came of a request says anything of its receiver. */
export function isReceiversDoing({ sent }: Outcome): boolean {
  // What the contract could not say was never sent.
  return sent !== undefined && sent.answer.kind !== "unsendable" && sent.answer.kind !== "sender_failed";
}

/** Whether this says that the endpoint's receiver is there, and works: who refuses an event does. */
export function getsThrough(outcome: Outcome): boolean {
  const { kind } = outcome.verdict;
  return isReceiversDoing(outcome) && (kind === "delivered" || kind === "rejected");
}

/** Returns since when every request to an endpoint has failed, now that one more has come to an end. */
export function failingSinceAfter(
  failing: FailingSince,
  endpoint: Endpoint,
  outcome: Outcome,
): number | undefined {
  const { verdict, endedAt } = outcome;
  const known = failing.get(endpoint.number);
  if (!isReceiversDoing(outcome)) {
    return known;
  }
  switch (verdict.kind) {
    case "delivered":
    case "rejected":
      return undefined;
    case "retry":
    case "hold":
      // Whoever changed the endpoint may have mended it: what failed before says nothing of it any more.
      return known !== undefined && known > endpoint.updatedAt ? known : endedAt;
    case "disable":
      return undefined;
  }
}

/** Notes since when an endpoint has been failing, in memory and in the facts; nothing if it is no news. */
export function noteFailing(
  failing: FailingSince,
  facts: FactsDraft,
  { endpoint, since }: { readonly endpoint: number; readonly since: number | undefined },
): void {
  if (failing.get(endpoint) === since) {
    return;
  }
  setSince(failing, endpoint, since);
  facts.failing.push({ endpoint, since });
}
