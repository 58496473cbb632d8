import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ANSWER_BYTES_MAX, AnswerBody } from "./answer-body.ts";

function bodyOf(...chunks: readonly Uint8Array[]) {
  const body = new AnswerBody();
  return { taken: chunks.map((chunk) => body.append(chunk)), bytes: body.bytes() };
}

describe("AnswerBody", () => {
  it("bytes() are those that were appended, in order", () => {
    const text = "It was the best of times, it was the worst of times";
    const chunks = text.split("").map((letter) => Buffer.from(letter));
    assert.equal(Buffer.from(bodyOf(...chunks).bytes).toString(), text);
    assert.equal(Buffer.from(bodyOf(Buffer.from(text)).bytes).toString(), text);
    assert.equal(bodyOf().bytes.length, 0);
    assert.deepEqual([...bodyOf(Buffer.alloc(0), Buffer.from([7]), Buffer.alloc(0)).bytes], [7]);
  });

  it("append() never writes into the buffer it was given", () => {
    const first = Buffer.from("ab");
    bodyOf(first.subarray(0, 1), Buffer.from("X"));
    assert.equal(first.toString(), "ab");
  });

  it("append() takes up to the cap and says when something is left out", () => {
    const full = new Uint8Array(ANSWER_BYTES_MAX);
    assert.deepEqual(bodyOf(full).taken, [true]);
    const over = bodyOf(full.subarray(1), new Uint8Array(1), new Uint8Array(1), new Uint8Array(0));
    assert.deepEqual(over.taken, [true, true, false, true]);
    assert.equal(over.bytes.length, ANSWER_BYTES_MAX);
  });
});
