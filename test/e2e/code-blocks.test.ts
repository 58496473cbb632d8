/** Which code blocks of the documents a test runs, and how many are only to be looked at. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { codeBlocksOf, placeOf } from "./page.ts";

const ROOT = join(import.meta.dirname, "../..");
const HERE = "test/e2e/code-blocks.test.ts";
const SENDING = "test/e2e/sending-pages.test.ts";
const GUIDES = "test/e2e/guide-pages.test.ts";

/** Tests that run the blocks of a page which say in their first line which file or terminal they are for. */
const NAMED_RUN_BY: Readonly<Record<string, string>> = {
  "client/README.md": "test/e2e/client-readme.test.ts",
  "contracts/README.md": HERE,
  "docs/guides/first-event.md": SENDING,
  "docs/guides/ordered.md": GUIDES,
  "docs/guides/outages.md": SENDING,
  "docs/guides/receive.md": SENDING,
  "docs/guides/security.md": GUIDES,
  "docs/operating/tracing.md": GUIDES,
  "docs/operating/upgrades.md": GUIDES,
  "docs/start.md": "test/packages/start-page.test.ts",
  "receiver/README.md": "receiver/readme.test.ts",
};

/** Tests that read every block of a page. */
const ALL_RUN_BY: Readonly<Record<string, string>> = {
  "docs/guides/event-types.md": "test/e2e/event-types.test.ts",
  "docs/guides/your-own-contract.md": "test/e2e/own-contract-page.test.ts",
  "docs/reference/event-types.md": "scripts/reference/event-types.test.ts",
};

/**
 * How many blocks of a page nothing runs: what a program prints, what is of other programs, and what nobody
 * has made a test of yet. A page that gets another has a test that runs it, or says so here.
 */
const NOT_RUN: Readonly<Record<string, number>> = {
  "ARCHITECTURE.md": 1,
  "README.md": 3,
  "client/README.md": 1,
  "docs/guides/in-your-application.md": 2,
  "docs/guides/latest-only.md": 1,
  "docs/guides/live-stream.md": 1,
  "docs/guides/ordered.md": 1,
  "docs/guides/portal.md": 3,
  "docs/guides/replays.md": 3,
  "docs/guides/test-clock.md": 1,
  "docs/operating/backup.md": 1,
  "docs/operating/evidence.md": 1,
  "docs/operating/install.md": 3,
  "docs/operating/keys.md": 1,
  "docs/operating/limits.md": 1,
  "docs/operating/metrics.md": 1,
  "docs/operating/move.md": 1,
  "docs/operating/operational-events.md": 1,
  "docs/operating/performance.md": 1,
  "docs/operating/postgres.md": 4,
  "docs/operating/retention.md": 1,
  "docs/reference/command-line.md": 1,
  "docs/reference/contracts.md": 2,
  "docs/start.md": 2,
  "receiver/README.md": 1,
  "server/README.md": 2,
};

function pages(): readonly string[] {
  const workspaces = ["client", "contracts", "dashboard", "receiver", "server"].map((name) => `${name}/*.md`);
  return globSync(["*.md", "docs/**/*.md", ...workspaces], { cwd: ROOT }).map((path) =>
    path.replaceAll("\\", "/"),
  );
}

function notRunIn(path: string): number {
  const fences = readFileSync(join(ROOT, path), "utf8").match(/^```/gm) ?? [];
  if (ALL_RUN_BY[path] !== undefined) {
    return 0;
  }
  return fences.length / 2 - (NAMED_RUN_BY[path] === undefined ? 0 : codeBlocksOf(path).length);
}

describe("the documents", () => {
  it("have no code blocks but those that a test runs, and those that are counted", () => {
    const counted = pages().flatMap((path) =>
      notRunIn(path) === 0 ? [] : [[path, notRunIn(path)] as const],
    );
    assert.deepEqual(Object.fromEntries(counted), NOT_RUN);
  });

  it("are read by the tests that are said to", () => {
    for (const [path, test] of Object.entries({ ...NAMED_RUN_BY, ...ALL_RUN_BY })) {
      const source = readFileSync(join(ROOT, test), "utf8");
      assert.ok(source.includes(basename(path)), `${test} reads ${path}`);
      assert.ok(codeBlocksOf(path).length > 0 || ALL_RUN_BY[path] !== undefined, `${path} has blocks to run`);
    }
  });
});

describe("contracts/README.md", () => {
  it("has a program that says what its comment says", async (t) => {
    const { folder } = placeOf(t);
    const [block, ...more] = codeBlocksOf("contracts/README.md");
    assert.ok(block);
    assert.deepEqual(more, []);
    writeFileSync(join(folder, block.name), block.code);
    const { stdout } = await promisify(execFile)(process.execPath, [block.name], { cwd: folder });
    const [, expected] = /\/\/ (\{.*)\n/.exec(block.code) ?? [];
    assert.equal(stdout.trim(), expected);
  });
});
