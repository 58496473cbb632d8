/**
 * Spans by OpenTelemetry's API, which does nothing until somebody registers an SDK in the process. A trace is
 * begun by whoever publishes, and is never begun here. No span says anything of a URL, a payload, an answer
 * or a subject (invariant 12).
 */
import {
  type Attributes,
  type Context,
  createTraceState,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace as traces,
} from "@opentelemetry/api";
import { type Trace, textsOfTrace } from "./model/trace.ts";
import type { Random } from "./random.ts";
import { VERSION } from "./version.ts";

const SPAN_ID_BYTES = 8;

export interface Tracing {
  /** Begins the span of a request that hands over events of a trace. */
  startAccepting(trace: Trace, facts: AcceptingFacts): TracedStep;
  /** Begins the span of one request to a receiver. The first trace is its own; it is linked to the others. */
  startAttempt(traces: readonly [Trace, ...Trace[]], facts: AttemptFacts): TracedAttempt;
}

interface AcceptingFacts {
  readonly tenant: string;
  /** How many events of the request are of the trace. */
  readonly events: number;
}

export interface AttemptFacts {
  readonly id: string;
  readonly number: number;
  readonly tenant: string;
  readonly endpoint: string;
  readonly contract: string;
  /** The last one of a batch. */
  readonly event: string;
  readonly eventType: string;
  readonly events: number;
  readonly method: string;
}

/** How a step ended. A code says why it failed. */
export interface TracedEnd {
  readonly failure: string | undefined;
  readonly verdict?: string;
  readonly status?: number | undefined;
}

export interface TracedStep {
  end(how: TracedEnd): void;
}

export interface TracedAttempt extends TracedStep {
  /** `traceparent`, with a span of its own whether or not anybody records it, and `tracestate`. */
  readonly headers: Readonly<Record<string, string>>;
}

export function createTracing(random: Pick<Random, "bytes">): Tracing {
  // Follows whatever provider is registered, also later.
  const tracer = traces.getTracer("posthorn", VERSION);
  return {
    startAccepting(trace, { tenant, events }) {
      const attributes = { "posthorn.tenant": tenant, "posthorn.events": events };
      const kind = SpanKind.PRODUCER;
      return stepOf(tracer.startSpan("posthorn.accept", { kind, attributes }, contextOf(trace)));
    },
    startAttempt([trace, ...others], facts) {
      const span = startAttemptSpan(tracer, { trace, others, facts });
      return { ...stepOf(span), headers: headersOf(span, trace, random) };
    },
  };
}

interface Attempted {
  readonly trace: Trace;
  readonly others: readonly Trace[];
  readonly facts: AttemptFacts;
}

function startAttemptSpan(tracer: Tracer, { trace, others, facts }: Attempted): Span {
  const attributes: Attributes = {
    "posthorn.tenant": facts.tenant,
    "posthorn.endpoint": facts.endpoint,
    "posthorn.contract": facts.contract,
    "posthorn.event": facts.event,
    "posthorn.event_type": facts.eventType,
    "posthorn.events": facts.events,
    "posthorn.attempt": facts.id,
    "posthorn.attempt_number": facts.number,
    "http.request.method": facts.method,
  };
  const links = others.map((other) => ({ context: spanContextOf(other) }));
  const options = { kind: SpanKind.CLIENT, attributes, links };
  return tracer.startSpan("posthorn.attempt", options, contextOf(trace));
}

/** Without an SDK the span is the caller's own, so another id is made. */
function headersOf(
  span: Span,
  trace: Trace,
  random: Pick<Random, "bytes">,
): Readonly<Record<string, string>> {
  const { traceId, spanId, traceFlags, traceState } = span.spanContext();
  if (traceId !== trace.traceId || spanId === trace.spanId) {
    const own = Buffer.from(random.bytes(SPAN_ID_BYTES)).toString("hex");
    return textsOfTrace({ ...trace, spanId: own });
  }
  const flags = traceFlags.toString(16).padStart(2, "0");
  return textsOfTrace({ traceId, spanId, flags, state: traceState?.serialize() ?? trace.state });
}

function stepOf(span: Span): TracedStep {
  return {
    end({ failure, verdict, status }) {
      if (verdict !== undefined) {
        span.setAttribute("posthorn.verdict", verdict);
      }
      if (status !== undefined) {
        span.setAttribute("http.response.status_code", status);
      }
      if (failure !== undefined) {
        span.setAttribute("error.type", failure);
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    },
  };
}

function contextOf(trace: Trace): Context {
  return traces.setSpanContext(ROOT_CONTEXT, spanContextOf(trace));
}

function spanContextOf({ traceId, spanId, flags, state }: Trace) {
  const traceFlags = Number.parseInt(flags, 16);
  const traceState = state === undefined ? undefined : createTraceState(state);
  return { traceId, spanId, traceFlags, isRemote: true, ...(traceState && { traceState }) };
}
