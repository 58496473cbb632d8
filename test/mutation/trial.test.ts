import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { TestOutcome } from "./test-run.ts";
import { createTrial } from "./trial.ts";

const PASSED: TestOutcome = { kind: "passed", tookMs: 1000 };
const FAILED: TestOutcome = { kind: "failed", test: "it is safe" };
const OUT_OF_TIME: TestOutcome = { kind: "out_of_time", test: "it ends" };
const MUTATION = {
  name: "it is not safe",
  edits: [{ file: "a.ts", find: "isSafe", replace: "true" }],
  tests: ["a.test.ts"],
};

/** A trial in which tests come to what is said for the source as it is, and for the edited one. */
function setup(
  outcomes: { readonly untouched: readonly TestOutcome[]; readonly edited: readonly TestOutcome[] },
  loads = true,
) {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-trial-"));
  writeFileSync(join(folder, "a.ts"), "isSafe");
  const left = { untouched: [...outcomes.untouched], edited: [...outcomes.edited] };
  const trial = createTrial({
    ground: { folder, environment: {} },
    loads: () => loads,
    async run() {
      const text = readFileSync(join(folder, "a.ts"), "utf8");
      return (text === "isSafe" ? left.untouched : left.edited).shift() ?? assert.fail(`${text} again`);
    },
  });
  return {
    trial,
    left,
    [Symbol.dispose]() {
      assert.equal(readFileSync(join(folder, "a.ts"), "utf8"), "isSafe");
      rmSync(folder, { recursive: true });
    },
  };
}

describe("tryOut()", () => {
  test("tryOut() says that a guard is noticed where a test fails, and not where all pass", async () => {
    using world = setup({ untouched: [PASSED], edited: [FAILED, PASSED] });
    assert.deepEqual(await world.trial.tryOut(MUTATION), { kind: "noticed", why: "it is safe" });
    assert.equal((await world.trial.tryOut(MUTATION)).kind, "not_noticed");
  });

  test("tryOut() learns nothing from tests that fail with the guard, too", async () => {
    using world = setup({ untouched: [FAILED], edited: [] });
    assert.equal((await world.trial.tryOut(MUTATION)).kind, "untested");
  });

  test("tryOut() learns nothing from a source that does not load", async () => {
    using world = setup({ untouched: [PASSED], edited: [] }, false);
    assert.equal((await world.trial.tryOut(MUTATION)).kind, "breaks");
  });

  test("tryOut() takes a test that does not end for one that fails, if it ends with the guard", async () => {
    using world = setup({ untouched: [PASSED, PASSED], edited: [OUT_OF_TIME] });
    assert.deepEqual(await world.trial.tryOut(MUTATION), {
      kind: "noticed",
      why: "it ends, which does not end",
    });
  });

  test("tryOut() waits longer where a busy machine keeps tests from ending with the guard, too", async () => {
    using world = setup({
      untouched: [PASSED, OUT_OF_TIME, OUT_OF_TIME],
      edited: [OUT_OF_TIME, OUT_OF_TIME, PASSED],
    });
    assert.equal((await world.trial.tryOut(MUTATION)).kind, "not_noticed");
    assert.deepEqual(world.left, { untouched: [], edited: [] });
  });

  test("tryOut() says that it knows nothing where the machine is too slow for any limit", async () => {
    const never = [OUT_OF_TIME, OUT_OF_TIME, OUT_OF_TIME];
    using world = setup({ untouched: [PASSED, ...never], edited: never });
    assert.equal((await world.trial.tryOut(MUTATION)).kind, "untested");
  });
});
