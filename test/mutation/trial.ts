import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { applied, type Mutation } from "./mutation.ts";
import { type Ground, runTests, type Selection, type TestOutcome } from "./test-run.ts";

/**
 * What became of a guard that was taken out. `breaks`: the source no longer loads, so that a failing test
 * would say nothing. `untested`: the tests do not pass with the guard, or not in time.
 */
export interface Finding {
  readonly kind: "noticed" | "not_noticed" | "breaks" | "untested";
  readonly why: string;
}

export interface Trial {
  /** Takes a guard out, runs its tests, and puts it back. */
  tryOut(mutation: Mutation): Promise<Finding>;
}

export interface TrialOptions {
  readonly ground: Ground;
  /** Whether a source file of the copy can be imported. */
  readonly loads: (folder: string, file: string) => boolean;
  readonly run?: typeof runTests;
}

/** With all guards in place a test takes what it takes; a machine with much to do is no reason to fail it. */
const UNTOUCHED_MS_MAX = 900_000;

// A guard that is gone may let a test wait for ever, which is noticed only if the test with it does not wait.
const WAITS_MS_MIN = 15_000;
const SLOWER_MAX = 5;
const LIMITS_TRIED_MAX = 3;

/** Tests are run untouched once for each selection: those that fail anyway notice nothing. */
export function createTrial({ ground, loads, run = runTests }: TrialOptions): Trial {
  const untouched = new Map<string, TestOutcome>();

  async function untouchedOutcome(selection: Selection): Promise<TestOutcome> {
    const key = `${selection.tests.join()} ${selection.only}`;
    const outcome = untouched.get(key) ?? (await run(ground, selection, UNTOUCHED_MS_MAX));
    untouched.set(key, outcome);
    return outcome;
  }

  /** Tests that run out of time have noticed something if they do not do so untouched at the same moment. */
  async function findingOf(mutation: Mutation, texts: Texts, waitsMs: number): Promise<Finding> {
    for (let tried = 0, limitMs = waitsMs; tried < LIMITS_TRIED_MAX; tried += 1, limitMs *= 4) {
      const outcome = await withTexts(texts, () => run(ground, mutation, limitMs));
      switch (outcome.kind) {
        case "passed":
          return { kind: "not_noticed", why: "its tests pass without it" };
        case "failed":
          return { kind: "noticed", why: outcome.test };
        case "out_of_time":
          if ((await run(ground, mutation, limitMs)).kind === "passed") {
            return { kind: "noticed", why: `${outcome.test}, which does not end` };
          }
      }
    }
    return { kind: "untested", why: "its tests do not end in time with it either" };
  }

  async function withTexts<Result>({ before, after }: Texts, work: () => Promise<Result>): Promise<Result> {
    write(ground.folder, after);
    try {
      return await work();
    } finally {
      write(ground.folder, before);
    }
  }

  return {
    async tryOut(mutation) {
      const outcome = await untouchedOutcome(mutation);
      if (outcome.kind !== "passed") {
        return { kind: "untested", why: `fails with it, too: ${outcome.test}` };
      }
      const texts = textsOf(ground.folder, mutation);
      const files = [...texts.after.keys()];
      const isLoaded = await withTexts(texts, async () => files.every((file) => loads(ground.folder, file)));
      if (!isLoaded) {
        return { kind: "breaks", why: "the source does not load" };
      }
      return findingOf(mutation, texts, Math.ceil(Math.max(WAITS_MS_MIN, outcome.tookMs * SLOWER_MAX)));
    },
  };
}

interface Texts {
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
}

function textsOf(folder: string, { edits }: Mutation): Texts {
  const before = new Map(edits.map(({ file }) => [file, readFileSync(join(folder, file), "utf8")] as const));
  const after = new Map(before);
  for (const edit of edits) {
    after.set(edit.file, applied(after.get(edit.file) ?? "", edit));
  }
  return { before, after };
}

function write(folder: string, texts: ReadonlyMap<string, string>): void {
  for (const [file, text] of texts) {
    writeFileSync(join(folder, file), text);
  }
}
