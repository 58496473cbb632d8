/** Guards of traces: whose they are, where they stand, and that each attempt has a span of its own. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const TRACING = "test/e2e/tracing.test.ts";
const TRACE = "server/src/model/trace.test.ts";

export const TRACING_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf("server/src/tracing.ts", [
    "without an SDK an attempt has the span of who published",
    "return textsOfTrace({ ...trace, spanId: own });",
    "return textsOfTrace({ ...trace, spanId: own && trace.spanId });",
    TRACING,
  ]),
  ...mutationsOf("server/src/model/trace.ts", [
    "a trace of zeros is one",
    "if (!isKnown || ONLY_ZEROS.test(traceId) || ONLY_ZEROS.test(spanId)) {",
    "if (!isKnown) {",
    TRACE,
  ]),
  ...mutationsOf("server/src/api/traced-events.ts", [
    "the trace of a request goes before that of its event",
    "    traceIn(event.extensions) === undefined\n",
    "    traceIn(event.extensions) === undefined || headers\n",
    TRACING,
  ]),
  ...mutationsOf("server/src/engine/outbound-request.ts", [
    "the headers of a trace are left out",
    "ofTrace === undefined ? request.headers",
    "ofTrace !== null ? request.headers",
    TRACING,
  ]),
  ...mutationsOf("server/src/stores/postgres/inbox.ts", [
    "an inbox forgets the trace of an event",
    "extensions === undefined ? null : JSON.stringify(extensions)",
    "extensions === undefined ? null : null",
    "server/src/stores/postgres/inbox.test.ts",
  ]),
];
