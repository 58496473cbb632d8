import type { Endpoint } from "../model/endpoint.ts";
import type { Offset } from "../model/offset.ts";
import type { Outcome } from "./attempt.ts";
import { isReceiversDoing } from "./failing.ts";
import { type FailureRun, withFailure } from "./failure-run.ts";

/** Stands before the reason of the last failure, so that a person sees why nothing is sent. */
export const CIRCUIT_OPEN = "circuit_open_";

/** Returns the failures in a row, now that a request for the delivery at `offset` has come to an end. */
export function runAfter(
  run: FailureRun | undefined,
  { endpoint, offset, outcome }: { endpoint: Endpoint; offset: Offset; outcome: Outcome },
): FailureRun | undefined {
  if (!isReceiversDoing(outcome)) {
    return run;
  }
  switch (outcome.verdict.kind) {
    case "delivered":
    // Whoever refuses an event is there, and works.
    case "rejected":
    case "disable":
      return undefined;
    // Whoever asks for time gets it without that.
    case "hold":
      return run;
    case "retry":
      return withFailure(run, { endpoint, offset, at: outcome.endedAt });
  }
}
