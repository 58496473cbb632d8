import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { npmAbove, type ProcessFacts } from "./npm-end.ts";

const RUNNING: ProcessFacts = { name: "sh", isEnded: false, parent: 1, startedAt: "100" };

/** A shell, 20, that npm, 10, started. */
function setup() {
  const processes = new Map<number, ProcessFacts>([
    [20, { ...RUNNING, parent: 10 }],
    [10, { ...RUNNING, name: "npm exec posth" }],
    [1, { ...RUNNING, name: "init", parent: 0 }],
  ]);
  return { processes, factsOf: (pid: number) => processes.get(pid) };
}

describe("npmAbove()", () => {
  test("npmAbove() finds the npm that started a shell, and tells when it is gone", () => {
    for (const [why, later] of [
      ["it is gone", undefined],
      ["it ended, and nobody looked", { ...RUNNING, name: "npm exec posth", isEnded: true }],
      ["another process has its number", { ...RUNNING, name: "npm exec posth", startedAt: "200" }],
    ] as const) {
      const { processes, factsOf } = setup();
      const hasEnded = npmAbove(20, factsOf);
      assert.equal(hasEnded?.(), false);
      processes.delete(20);
      assert.equal(hasEnded?.(), false, "the shell may end before, as in `posthorn start & sleep 3`");
      if (later === undefined) {
        processes.delete(10);
      } else {
        processes.set(10, later);
      }
      assert.equal(hasEnded?.(), true, why);
    }
  });

  test("npmAbove() finds none where a person's shell or nothing is above", () => {
    const { processes, factsOf } = setup();
    processes.set(10, { ...RUNNING, name: "bash" });
    assert.equal(npmAbove(20, factsOf), undefined);
    assert.equal(npmAbove(99, factsOf), undefined);
    processes.set(10, { ...RUNNING, name: "npmd-tool", parent: 10 });
    assert.equal(npmAbove(20, factsOf), undefined, "a loop ends");
  });
});
