import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { createHeap } from "./heap.ts";

function setup(numbers: readonly number[]) {
  const heap = createHeap<number>((a, b) => a - b);
  numbers.forEach((number) => heap.push(number));
  return heap;
}

describe("createHeap()", () => {
  test("pop() gives everything that was pushed, least first", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (numbers) => {
        const heap = setup(numbers);
        const popped = numbers.map(() => heap.pop());
        assert.deepEqual(
          popped,
          numbers.toSorted((a, b) => a - b),
        );
      }),
    );
  });

  test("peek() agrees with the next pop() however pushes and pops alternate", () => {
    const steps = fc.array(fc.option(fc.integer(), { nil: undefined }));
    fc.assert(
      fc.property(steps, (pushes) => {
        const heap = setup([]);
        let model: number[] = [];
        for (const number of pushes) {
          if (number === undefined) {
            model = model.toSorted((a, b) => a - b);
            assert.equal(heap.peek(), model[0]);
            assert.equal(heap.pop(), model.shift());
          } else {
            heap.push(number);
            model.push(number);
          }
          assert.equal(heap.size, model.length);
        }
      }),
    );
  });

  test("peek() and pop() of an empty heap give undefined", () => {
    const heap = setup([1]);
    heap.clear();

    assert.equal(heap.peek(), undefined);
    assert.equal(heap.pop(), undefined);
    assert.equal(heap.size, 0);
  });
});
