import type { ContractEvent, Verdict } from "@posthorn/contracts/contract";
import { type Trace, traceIn } from "../model/trace.ts";
import type { Sent } from "../outbound/sender.ts";
import type { AttemptFacts, TracedAttempt, Tracing } from "../tracing.ts";

/** An event of the request, as its contract sees it. */
type Seen = Pick<ContractEvent, "id" | "type" | "extensions">;

type Facts = Omit<AttemptFacts, "event" | "eventType" | "events">;

/**
 * Begins the span of a request in the trace of its last event that came with one, as a batch stands in full
 * at its last member; undefined where none came with one, as nearly always.
 */
export function startTraced(
  tracing: Pick<Tracing, "startAttempt"> | undefined,
  seen: readonly Seen[],
  facts: () => Facts,
): TracedAttempt | undefined {
  if (tracing === undefined || seen.every(({ extensions }) => extensions === undefined)) {
    return undefined;
  }
  const [first, ...others] = distinct(seen).toReversed();
  const last = seen.at(-1);
  if (first === undefined || last === undefined) {
    return undefined;
  }
  const { id: event, type: eventType } = last;
  return tracing.startAttempt([first, ...others], { ...facts(), event, eventType, events: seen.length });
}

/** Reads the verdict, and ends the span with it. */
export function judgeTraced(traced: TracedAttempt, { answer }: Sent, judge: () => Verdict): Verdict {
  const status = answer.kind === "status" ? answer.status : undefined;
  try {
    const verdict = judge();
    const failure = verdict.kind === "delivered" ? undefined : verdict.reason;
    traced.end({ failure, verdict: verdict.kind, status });
    return verdict;
  } catch (error) {
    traced.end({ failure: "contract_fault", status });
    throw error;
  }
}

/** The traces of events, each place in one once: events of one request share theirs. */
function distinct(seen: readonly Seen[]): readonly Trace[] {
  const traces = new Map<string, Trace>();
  for (const event of seen) {
    const trace = traceIn(event.extensions);
    if (trace !== undefined) {
      const place = `${trace.traceId}-${trace.spanId}`;
      traces.delete(place);
      traces.set(place, trace);
    }
  }
  return [...traces.values()];
}
