import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { createOffsetQueue } from "./offset-queue.ts";

type Step =
  | { readonly kind: "push"; readonly count: number }
  | { readonly kind: "take"; readonly count: number; readonly isPutBack: boolean }
  | { readonly kind: "filter"; readonly divisor: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("push" as const), count: fc.nat(700) }),
    fc.record({ kind: fc.constant("take" as const), count: fc.nat(500), isPutBack: fc.boolean() }),
    fc.record({ kind: fc.constant("filter" as const), divisor: fc.integer({ min: 2, max: 5 }) }),
  ),
  { maxLength: 40 },
);

describe("createOffsetQueue()", () => {
  test("agrees with an array whatever is pushed, taken, put back and filtered", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const queue = createOffsetQueue();
        let model: number[] = [];
        let next = 1;
        for (const step of list) {
          if (step.kind === "push") {
            for (let count = 0; count < step.count; count += 1) {
              queue.push(next);
              model.push(next);
              next += 1;
            }
          } else if (step.kind === "take") {
            const taken = queue.take(step.count);
            assert.deepEqual(taken, model.slice(0, step.count));
            if (step.isPutBack) {
              queue.putBack(taken);
            } else {
              model = model.slice(step.count);
            }
          } else {
            const keep = (offset: number) => offset % step.divisor !== 0;
            queue.filter(keep);
            model = model.filter(keep);
          }
          assert.equal(queue.length, model.length);
          assert.equal(queue.peek(), model[0]);
        }
      }),
    );
  });

  test("putBack() keeps the order, whichever comes back first", () => {
    const queue = createOffsetQueue();
    [1, 2, 3].forEach(queue.push);
    const [first = 0, second = 0] = queue.take(2);
    queue.putBack([first]);
    queue.putBack([second]);

    assert.deepEqual(queue.take(3), [1, 2, 3]);
  });

  test("take() more than there is gives what there is", () => {
    const queue = createOffsetQueue();
    queue.push(7);

    assert.deepEqual(queue.take(10), [7]);
    assert.deepEqual(queue.take(1), []);
  });
});
