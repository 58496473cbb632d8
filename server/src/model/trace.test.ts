import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseTrace, textsOfTrace, traceIn } from "./trace.ts";

const TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN_ID = "00f067aa0ba902b7";
const PARENT = `00-${TRACE_ID}-${SPAN_ID}-01`;

describe("parseTrace()", () => {
  test("reads what W3C Trace Context gives as its example", () => {
    const expected = { traceId: TRACE_ID, spanId: SPAN_ID, flags: "01", state: "rojo=1,congo=2" };
    assert.deepEqual(parseTrace(PARENT, "rojo=1,congo=2"), expected);
  });

  test("reads a later version as far as it is known", () => {
    assert.equal(parseTrace(`01-${TRACE_ID}-${SPAN_ID}-00-more`, undefined)?.spanId, SPAN_ID);
  });

  test("takes nothing else for a trace", () => {
    const zeros = "0".repeat(32);
    const wrong = [
      ...[undefined, 7, "", "00", PARENT.toUpperCase(), `${PARENT}-more`, `ff${PARENT.slice(2)}`],
      ...[`00-${zeros}-${SPAN_ID}-01`, `00-${TRACE_ID}-${zeros.slice(16)}-01`, `${PARENT}, ${PARENT}`],
      ...[` ${PARENT}`, `${PARENT}\n`, `00-${TRACE_ID}-${SPAN_ID}`, `01${PARENT.slice(2)}-é`],
    ];
    assert.deepEqual(
      wrong.filter((text) => parseTrace(text, undefined) !== undefined),
      [],
    );
  });

  test("leaves out a state that could not be a header", () => {
    for (const state of [undefined, 7, "", "é=1", "a=1\r\nb: 2", " a=1", "a=1 ", "a".repeat(513)]) {
      assert.equal(parseTrace(PARENT, state)?.state, undefined, JSON.stringify(state));
    }
    assert.equal(parseTrace(PARENT, "a".repeat(512))?.state?.length, 512);
  });
});

test("traceIn() reads what textsOfTrace() says", () => {
  for (const state of [undefined, "a=1, b=2"]) {
    const trace = { traceId: TRACE_ID, spanId: SPAN_ID, flags: "00", state };
    assert.deepEqual(traceIn(textsOfTrace(trace)), trace);
  }
  assert.equal(traceIn(undefined), undefined);
  assert.equal(traceIn({ tracestate: "a=1" }), undefined);
});
