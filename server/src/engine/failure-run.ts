import type { Endpoint } from "../model/endpoint.ts";
import type { Offset } from "../model/offset.ts";
import { CIRCUIT_FAILING_MS_MIN, CIRCUIT_FAILURES_MIN } from "./limits.ts";

/**
 * Failures of one endpoint in a row, as far as they are needed to tell a receiver that fails from an event
 * that it cannot take. Only memory knows them.
 */
export interface FailureRun {
  /** When the first one ended, in milliseconds since 1970. */
  readonly since: number;
  /** Whose failures these are, each once; at most `CIRCUIT_FAILURES_MIN`. */
  readonly offsets: readonly Offset[];
}

/** Returns the run with one more failure, of the delivery at `offset`. */
export function withFailure(
  run: FailureRun | undefined,
  { endpoint, offset, at }: { endpoint: Endpoint; offset: Offset; at: number },
): FailureRun {
  // Whoever changed the endpoint may have mended it: what failed before says nothing of it any more.
  const { since, offsets } =
    run !== undefined && run.since > endpoint.updatedAt ? run : { since: at, offsets: [] };
  const isCounted = offsets.includes(offset) || offsets.length >= CIRCUIT_FAILURES_MIN;
  return { since, offsets: isCounted ? offsets : [...offsets, offset] };
}

/** Whether so much has failed, and for so long, that it is the receiver that fails. */
export function isReceiverFailing(run: FailureRun | undefined, now: number): boolean {
  return (
    run !== undefined &&
    run.offsets.length >= CIRCUIT_FAILURES_MIN &&
    now - run.since >= CIRCUIT_FAILING_MS_MIN
  );
}
