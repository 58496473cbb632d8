import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Failure } from "./first-failure.ts";
import type { Mutation } from "./mutation.ts";

/** Which tests are to run. */
export type Selection = Pick<Mutation, "tests" | "only">;

/** How tests went; `failed` and `out_of_time` name the first of which that is true. */
export type TestOutcome =
  | { readonly kind: "passed"; readonly tookMs: number }
  | { readonly kind: "failed" | "out_of_time"; readonly test: string };

const FIRST_FAILURE = fileURLToPath(new URL("first-failure.ts", import.meta.url));

// Whatever does not even tell that a test failed.
const RUN_MS_MAX = 1_800_000;

/** Where tests are run: a copy of the repository, and what they need to know. */
export interface Ground {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Runs tests until the first fails. Each of them, and each file, may take `testMsMax`. */
export async function runTests(
  ground: Ground,
  { tests, only = "" }: Selection,
  testMsMax: number,
): Promise<TestOutcome> {
  const startedAt = performance.now();
  const temporary = join(ground.folder, "tmp");
  mkdirSync(temporary, { recursive: true });
  const words = [String(testMsMax), only, ...filesOf(ground.folder, tests)];
  const runner = spawn(process.execPath, [FIRST_FAILURE, ...words], {
    cwd: ground.folder,
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, ...ground.environment, TMPDIR: temporary },
    // A group of its own: what the tests have started ends with them.
    detached: true,
  });
  const ended = once(runner, "exit");
  const limit = setTimeout(() => endGroup(runner.pid), RUN_MS_MAX);
  try {
    for await (const line of createInterface({ input: runner.stdout })) {
      return outcomeOf(JSON.parse(line));
    }
    const [code] = await ended;
    return code === 0
      ? { kind: "passed", tookMs: performance.now() - startedAt }
      : { kind: code === null ? "out_of_time" : "failed", test: tests.join() };
  } finally {
    clearTimeout(limit);
    endGroup(runner.pid);
    await ended;
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  }
}

function outcomeOf({ test, isOutOfTime }: Failure): TestOutcome {
  return { kind: isOutOfTime ? "out_of_time" : "failed", test };
}

function filesOf(folder: string, tests: readonly string[]): readonly string[] {
  return tests.flatMap((path) =>
    statSync(join(folder, path)).isDirectory() ? globSync(`${path}/**/*.test.ts`, { cwd: folder }) : [path],
  );
}

function endGroup(id: number | undefined): void {
  try {
    process.kill(-(id ?? Number.NaN), "SIGKILL");
  } catch {
    // All of it has ended.
  }
}
