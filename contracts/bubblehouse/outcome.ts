import type { Answer, Verdict } from "../contract.ts";
import { hookOutput } from "./hook-output.ts";

/**
 * Reads the outcome that SendEvent1 was answered with.
 *
 * Whatever does not say plainly that the event is done holds the lane: to the vendor, an answer that fails is
 * a fault of the receiver, not of the event.
 */
export function outcomeVerdict(answer: Answer): Verdict {
  const output = hookOutput(answer);
  return output.kind === "none"
    ? { kind: "hold", reason: output.reason }
    : verdictOf(output.members["outcome"]);
}

function verdictOf(outcome: unknown): Verdict {
  switch (outcome) {
    case "sent":
    case "skipped":
      return { kind: "delivered" };
    case "invalid_data":
    case "unsubscribed":
      return { kind: "rejected", reason: outcome };
    case "failure":
      return { kind: "hold", reason: "outcome_failure" };
    case undefined:
      return { kind: "hold", reason: "outcome_missing" };
    default:
      // The receiver's text is not a code of ours: it stands in the stored answer, not in the reason.
      return { kind: "hold", reason: "outcome_unknown" };
  }
}
