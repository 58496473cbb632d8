/**
 * Takes guards out, one after another, and sees a test fail for each: `node test/mutation/run.ts`, or only
 * those whose name has a word: `node test/mutation/run.ts --only tenant`. Works in a copy of the repository.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { parseSync } from "oxc-parser";
import { startCluster } from "../../server/src/stores/postgres/cluster-fixture.ts";
import { copyRepository } from "./copy.ts";
import { MUTATIONS } from "./mutations.ts";
import { createTrial, type Finding } from "./trial.ts";

const { values } = parseArgs({ options: { only: { type: "string", default: "" } } });

const WORDS: Readonly<Record<Finding["kind"], string>> = {
  noticed: "noticed",
  not_noticed: "NOT NOTICED",
  breaks: "BREAKS",
  untested: "UNTESTED",
};

function loads(folder: string, file: string): boolean {
  if (file.endsWith(".tsx")) {
    // Node runs none: what is left is whether it can be built.
    return parseSync(file, readFileSync(join(folder, file), "utf8")).errors.length === 0;
  }
  const source = `await import(${JSON.stringify(pathToFileURL(join(folder, file)).href)})`;
  return spawnSync(process.execPath, ["--input-type=module", "--eval", source], { cwd: folder }).status === 0;
}

const mutations = MUTATIONS.filter(({ name }) => name.includes(values.only));
const folder = copyRepository();
// One for all, as each run would start its own.
const isPostgresNeeded = mutations.some(({ tests }) => tests.some((path) => path.includes("/postgres/")));
const cluster = isPostgresNeeded ? await startCluster() : undefined;
const environment = cluster === undefined ? {} : { TEST_DATABASE_URL: cluster.urlOf("postgres") };
const trial = createTrial({ ground: { folder, environment }, loads });

let missed = 0;
for (const mutation of mutations) {
  const startedAt = performance.now();
  const { kind, why } = await trial.tryOut(mutation);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${WORDS[kind].padEnd(11)}  ${mutation.name}  ${seconds} s  (${why})`);
  missed += kind === "noticed" ? 0 : 1;
}
await cluster?.close();
console.log(`${mutations.length} guards taken out, ${missed} of them not noticed`);
process.exitCode = missed === 0 ? 0 : 1;
