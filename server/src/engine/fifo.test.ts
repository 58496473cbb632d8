import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createFifo } from "./fifo.ts";

describe("createFifo()", () => {
  test("shift() gives back what was pushed, in order, however much went through", () => {
    const fifo = createFifo<number>();
    let expected = 0;
    for (let pushed = 0; pushed < 10_000; pushed += 1) {
      fifo.push(pushed);
      if (pushed % 3 > 0) {
        assert.equal(fifo.shift(), expected);
        expected += 1;
      }
    }
    assert.equal(fifo.size(), 10_000 - expected);
    for (; expected < 10_000; expected += 1) {
      assert.equal(fifo.shift(), expected);
    }
    assert.equal(fifo.shift(), undefined);
  });
});
