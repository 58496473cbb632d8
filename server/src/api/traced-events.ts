import type { IncomingHttpHeaders } from "node:http";
import { parseTrace, type Trace, textsOfTrace, traceIn } from "../model/trace.ts";
import { Problem } from "../problem.ts";
import { StoreUnavailable } from "../store-unavailable.ts";
import type { TracedStep, Tracing } from "../tracing.ts";
import type { AskedEvents } from "./asked-events.ts";

/**
 * Puts the events of a request into its trace, but for those that name one of their own. A header that is no
 * trace is as none, which is what W3C Trace Context asks for.
 */
export function inTraceOfRequest(asked: AskedEvents, headers: IncomingHttpHeaders): AskedEvents {
  const { traceparent, tracestate } = headers;
  const trace = traceparent === undefined ? undefined : parseTrace(traceparent, tracestate);
  if (trace === undefined) {
    return asked;
  }
  const texts = textsOfTrace(trace);
  const events = asked.events.map((event) =>
    traceIn(event.extensions) === undefined
      ? { ...event, extensions: { ...withoutTrace(event.extensions), ...texts } }
      : event,
  );
  return { ...asked, events };
}

/** A state without the place that it goes with would be taken for that of another. */
function withoutTrace(extensions: AskedEvents["events"][number]["extensions"]) {
  const { traceparent: _parent, tracestate: _state, ...rest } = extensions ?? {};
  return rest;
}

/** Accepts within a span for each trace that the events are of: none, as a rule, or one. */
export async function acceptTraced<Answer>(
  tracing: Pick<Tracing, "startAccepting"> | undefined,
  { tenant, asked }: { readonly tenant: string; readonly asked: AskedEvents },
  accept: () => Promise<Answer>,
): Promise<Answer> {
  if (tracing === undefined || asked.events.every(({ extensions }) => extensions === undefined)) {
    return await accept();
  }
  const steps = tracesOf(asked).map(({ trace, events }) => tracing.startAccepting(trace, { tenant, events }));
  try {
    const answer = await accept();
    endAll(steps, undefined);
    return answer;
  } catch (error) {
    endAll(steps, failureOf(error));
    throw error;
  }
}

interface Counted {
  readonly trace: Trace;
  events: number;
}

function tracesOf({ events }: AskedEvents): readonly Counted[] {
  const found = new Map<string, Counted>();
  for (const { extensions } of events) {
    const trace = traceIn(extensions);
    if (trace !== undefined) {
      const place = `${trace.traceId}-${trace.spanId}`;
      const counted = found.get(place) ?? { trace, events: 0 };
      counted.events += 1;
      found.set(place, counted);
    }
  }
  return [...found.values()];
}

function endAll(steps: readonly TracedStep[], failure: string | undefined): void {
  for (const step of steps) {
    step.end({ failure });
  }
}

function failureOf(error: unknown): string {
  if (error instanceof Problem) {
    return error.code;
  }
  return error instanceof StoreUnavailable ? "store_unavailable" : "internal";
}
