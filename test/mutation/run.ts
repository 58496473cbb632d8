/**
 * Takes guards out, one after another, and sees a test fail for each: `node test/mutation/run.ts`, or only
 * those whose name has a word: `node test/mutation/run.ts --only tenant`. Works in a copy of the repository.
 */
import { spawnSync } from "node:child_process";
import { globSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { copyRepository } from "./copy.ts";
import { applied, type Mutation } from "./mutation.ts";
import { MUTATIONS } from "./mutations.ts";

const { values } = parseArgs({ options: { only: { type: "string", default: "" } } });

/** `breaks`: the source no longer loads, so that a failing test would say nothing. */
type Finding = "noticed" | "not noticed" | "breaks";

// A guard that is gone may let a test wait for ever.
const TEST_MS_MAX = 60_000;
const RUN_MS_MAX = 600_000;

function filesOf(folder: string, tests: readonly string[]): readonly string[] {
  return tests.flatMap((path) =>
    statSync(join(folder, path)).isDirectory() ? globSync(`${path}/**/*.test.ts`, { cwd: folder }) : [path],
  );
}

function passes(folder: string, { tests, only }: Pick<Mutation, "tests" | "only">): boolean {
  const pattern = only === undefined ? [] : [`--test-name-pattern=${only}`];
  const options = ["--test", `--test-timeout=${TEST_MS_MAX}`, "--test-reporter=dot", ...pattern];
  const { status } = spawnSync(process.execPath, [...options, ...filesOf(folder, tests)], {
    cwd: folder,
    stdio: "ignore",
    timeout: RUN_MS_MAX,
  });
  return status === 0;
}

function loads(folder: string, file: string): boolean {
  const source = `await import(${JSON.stringify(pathToFileURL(join(folder, file)).href)})`;
  return spawnSync(process.execPath, ["--input-type=module", "--eval", source], { cwd: folder }).status === 0;
}

function tryOut(folder: string, mutation: Mutation): Finding {
  const before = new Map(
    mutation.edits.map(({ file }) => [file, readFileSync(join(folder, file), "utf8")] as const),
  );
  const after = new Map(before);
  for (const edit of mutation.edits) {
    after.set(edit.file, applied(after.get(edit.file) ?? "", edit));
  }
  write(folder, after);
  try {
    if (![...after.keys()].every((file) => loads(folder, file))) {
      return "breaks";
    }
    return passes(folder, mutation) ? "not noticed" : "noticed";
  } finally {
    write(folder, before);
  }
}

function write(folder: string, texts: ReadonlyMap<string, string>): void {
  for (const [file, text] of texts) {
    writeFileSync(join(folder, file), text);
  }
}

/** Tests that fail anyway notice nothing. */
function untouchedPass(folder: string, mutations: readonly Mutation[]): boolean {
  const runs = new Map(mutations.map(({ tests, only }) => [`${tests.join()} ${only}`, { tests, only }]));
  return [...runs.values()].every(({ tests, only }) =>
    passes(folder, { tests, ...(only === undefined ? {} : { only }) }),
  );
}

const mutations = MUTATIONS.filter(({ name }) => name.includes(values.only));
const folder = copyRepository();
if (!untouchedPass(folder, mutations)) {
  console.log("the tests must pass before anything is taken out");
  process.exit(1);
}
const findings = mutations.map((mutation) => {
  const startedAt = performance.now();
  const finding = tryOut(folder, mutation);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(
    `${finding === "noticed" ? "noticed    " : finding.toUpperCase()}  ${mutation.name}  ${seconds} s`,
  );
  return finding;
});
const missed = findings.filter((finding) => finding !== "noticed").length;
console.log(`${findings.length} guards taken out, ${missed} of them not noticed`);
process.exitCode = missed === 0 ? 0 : 1;
