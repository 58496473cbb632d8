/**
 * Runs test files and prints each failure as a line of JSON: `node first-failure.ts <milliseconds for a test>
 * <pattern of names, or nothing> <file>…`. For `test-run.ts`, which ends it at the first.
 */
import { run } from "node:test";

/** A test that failed. */
export interface Failure {
  readonly test: string;
  /** It was given up, so it may be that it only waited for its turn. */
  readonly isOutOfTime: boolean;
}

const [timeout = "", pattern = "", ...files] = process.argv.slice(2);

const events = run({
  files,
  timeout: Number(timeout),
  ...(pattern === "" ? {} : { testNamePatterns: pattern }),
});
// A group fails with its tests, and says nothing of its own.
events.on("test:fail", ({ name, details: { error } }) => {
  const kind = "failureType" in error ? error.failureType : undefined;
  if (kind !== "subtestsFailed" && kind !== "cancelledByParent") {
    const failure: Failure = { test: name, isOutOfTime: kind === "testTimeoutFailure" };
    console.log(JSON.stringify(failure));
  }
});
events.resume();
