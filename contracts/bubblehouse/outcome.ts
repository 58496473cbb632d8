import type { Answer, Verdict } from "../contract.ts";

const utf8 = new TextDecoder();

/**
 * Reads the outcome in the body of an answer that was accepted.
 *
 * Whatever does not say plainly that the event is done holds the lane: to the vendor, an answer that fails is
 * a fault of the receiver, not of the event.
 */
export function outcomeVerdict({ body, bodyState }: Extract<Answer, { kind: "status" }>): Verdict {
  if (bodyState !== "whole") {
    return { kind: "hold", reason: `body_${bodyState}` };
  }
  const output = jsonIn(body);
  if (output === undefined) {
    return { kind: "hold", reason: "body_not_json" };
  }
  const isObject = typeof output === "object" && output !== null;
  return verdictOf(isObject && "outcome" in output ? output.outcome : undefined);
}

/** The JSON value of a body; undefined, which no JSON value is, where there is none. */
function jsonIn(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    return undefined;
  }
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
