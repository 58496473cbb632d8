/**
 * Runs the tests: `npm test`, or those that are named: `npm test -- contracts
 * server/src/engine/settle.test.ts`. What begins with a dash goes to Node's test runner: `npm test --
 * --test-name-pattern=settle`.
 */
import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { startCluster } from "../server/src/stores/postgres/cluster-fixture.ts";
import { buildWhereNeeded } from "./build-dashboard.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

// Tests wait for disks and sockets more than they compute, so two at a time are quicker even on one core.
const CONCURRENCY = Math.max(2, availableParallelism());

// The slowest test takes a small part of this on the slowest machine.
const TEST_MS_MAX = 180_000;

// A test that leaves a socket or a timer open keeps its process, and so the whole run, from ending.
const RUN_MS_MAX = 30 * 60_000;

const asked = process.argv.slice(2);
const options = asked.filter((word) => word.startsWith("-"));
const places = asked.filter((word) => !word.startsWith("-"));
const exclude = ["**/node_modules/**", "**/dist/**"];
const files = globSync(
  ["contracts", "receiver", "client", "server", "dashboard", "sim", "test", "scripts", "examples"].map(
    (folder) => `${folder}/**/*.test.ts`,
  ),
  { cwd: ROOT, exclude },
)
  .filter((file) => places.length === 0 || places.some((place) => file.startsWith(place)))
  .toSorted();

if (files.length === 0) {
  console.error(
    `a place to test must hold a *.test.ts file, got ${places.join(" ") || "an empty repository"}`,
  );
  process.exit(1);
}

// One PostgreSQL for all files that need one: each would start its own.
const needsPostgres = process.env["TEST_DATABASE_URL"] === undefined && files.some(isOfPostgres);
const cluster = needsPostgres ? await startCluster() : undefined;

if (files.some(needsDashboard)) {
  // Once, and before: two files that build it at a time empty the folder that the other serves from.
  await buildWhereNeeded().catch((error: unknown) =>
    console.error(`the dashboard is not built: ${String(error)}`),
  );
}

const runner = spawn(
  process.execPath,
  [
    "--test",
    `--test-concurrency=${CONCURRENCY}`,
    `--test-timeout=${TEST_MS_MAX}`,
    "--test-reporter=spec",
    ...options,
    ...files,
  ],
  {
    cwd: ROOT,
    stdio: "inherit",
    env: {
      ...process.env,
      ...(cluster === undefined ? {} : { TEST_DATABASE_URL: cluster.urlOf("postgres") }),
    },
  },
);

// The runner answers an interrupt with the names of the tests that are still running.
const limit = setTimeout(() => {
  console.error(`the tests must end within ${RUN_MS_MAX / 60_000} minutes; something keeps a process alive`);
  runner.kill("SIGINT");
}, RUN_MS_MAX);

process.on("SIGINT", () => runner.kill("SIGINT"));
process.on("SIGTERM", () => runner.kill("SIGTERM"));
runner.on("exit", (code) => {
  clearTimeout(limit);
  process.exitCode = code ?? 1;
  void cluster?.close();
});

function isOfPostgres(file: string): boolean {
  return file.includes("/postgres/");
}

function needsDashboard(file: string): boolean {
  return file.startsWith("test/browser/") || file.startsWith("test/postgres/dashboard");
}
