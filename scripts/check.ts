/**
 * Checks what can be checked without running anything: `npm run check`. Each tool runs, whatever the others
 * say.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDER = process.argv[2] ?? ROOT;

interface Check {
  readonly name: string;
  /** A program of ours or of a package, by its path from the repository's root, and its arguments. */
  readonly command: readonly string[];
}

const CHECKS: readonly Check[] = [
  { name: "format", command: ["node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings", "."] },
  {
    name: "lint",
    command: [
      "node_modules/oxlint/bin/oxlint",
      "--type-aware",
      "--deny-warnings",
      "--report-unused-disable-directives",
    ],
  },
  { name: "types", command: ["node_modules/typescript/bin/tsc", "-p", "."] },
  { name: "types of the dashboard", command: ["node_modules/typescript/bin/tsc", "-p", "dashboard"] },
  { name: "house rules", command: ["scripts/house-rules.ts", FOLDER] },
  { name: "unused code", command: ["node_modules/knip/bin/knip.js"] },
];

interface Outcome {
  readonly name: string;
  readonly passed: boolean;
  readonly said: string;
  readonly seconds: number;
}

function run({ name, command: [program = "", ...args] }: Check): Promise<Outcome> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, program), ...args], {
      cwd: FOLDER,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: "1" } : {}) },
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      const seconds = (performance.now() - startedAt) / 1000;
      resolve({ name, passed: code === 0, said: Buffer.concat(chunks).toString("utf8").trim(), seconds });
    });
  });
}

function report({ name, passed, said, seconds }: Outcome): void {
  // What a tool says when all is well would only hide what another has found.
  // Some colour it for a terminal that is not there, in continuous integration.
  if (!passed) console.log(`\n${process.stdout.isTTY ? said : stripVTControlCharacters(said)}\n`);
  console.log(`${passed ? "ok    " : "FAILED"}  ${name}  ${seconds.toFixed(1)} s`);
}

const outcomes = await Promise.all(
  CHECKS.map(async (check) => {
    const outcome = await run(check);
    report(outcome);
    return outcome;
  }),
);
const failed = outcomes.filter(({ passed }) => !passed).map(({ name }) => name);
if (failed.length > 0) {
  console.log(`\nfailed: ${failed.join(", ")}`);
  process.exitCode = 1;
}
