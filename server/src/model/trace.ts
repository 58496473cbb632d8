import type { Extensions } from "./event.ts";

/** A place in a trace, as W3C Trace Context says it: who asked for an event, and for whom they did. */
export interface Trace {
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string;
  /** 16 of them. */
  readonly spanId: string;
  /** Two of them; the last bit says whether the trace is recorded. */
  readonly flags: string;
  /** What tracing systems tell one another, as it came. Undefined: nothing. */
  readonly state: string | undefined;
}

// Version 00 ends behind the flags; a later one may go on behind another hyphen, and is read as far as it is
// known (Trace Context, section 3.2.4).
const PARENT_FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-[\x21-\x7e]{0,200})?$/;
const ONLY_ZEROS = /^0+$/;
// Shorter than what a receiver must be able to forward (section 3.3.1.5).
const STATE_FORM = /^[\x21-\x7e](?:[\x20-\x7e]{0,510}[\x21-\x7e])?$/;

export const TRACEPARENT_RULE =
  "a traceparent of W3C Trace Context, such as 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
export const TRACESTATE_RULE = "a text of 1 to 512 characters of printable ASCII, beside a traceparent";

/** Reads `traceparent` and `tracestate`; undefined where the first is none. What is no state is left out. */
export function parseTrace(traceparent: unknown, tracestate: unknown): Trace | undefined {
  if (typeof traceparent !== "string") {
    return undefined;
  }
  const [, version, traceId = "", spanId = "", flags = "", rest] = PARENT_FORM.exec(traceparent) ?? [];
  const isKnown = version !== undefined && version !== "ff" && (version !== "00" || rest === undefined);
  if (!isKnown || ONLY_ZEROS.test(traceId) || ONLY_ZEROS.test(spanId)) {
    return undefined;
  }
  return { traceId, spanId, flags, state: isTraceState(tracestate) ? tracestate : undefined };
}

export function isTraceState(text: unknown): text is string {
  return typeof text === "string" && STATE_FORM.test(text);
}

/** Reads the trace that an event came with. */
export function traceIn(extensions: Extensions | undefined): Trace | undefined {
  return extensions === undefined
    ? undefined
    : parseTrace(extensions["traceparent"], extensions["tracestate"]);
}

/**
 * Says the trace by `traceparent` and `tracestate`, as headers do. An event keeps it by the extensions that
 * CloudEvents have for it, which have the same names.
 */
export function textsOfTrace({ traceId, spanId, flags, state }: Trace): Readonly<Record<string, string>> {
  const traceparent = `00-${traceId}-${spanId}-${flags}`;
  return state === undefined ? { traceparent } : { traceparent, tracestate: state };
}
