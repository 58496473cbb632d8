/** What a user does, once more: every journey that goes over SQLite goes over PostgreSQL, too. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { findPostgres } from "./find-postgres.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

// They have files of their own, or are about contracts or the command line alone.
const NOT_OF_STORES = /command-line|config-file|demo|doctor|your-own-contract|canary|failing-contract/;

const url = await findPostgres();

const files = globSync("test/e2e/*.test.ts", { cwd: ROOT }).filter((file) => !NOT_OF_STORES.test(file));

describe("over PostgreSQL", { skip: url === undefined && NO_POSTGRES }, () => {
  for (const file of files.toSorted()) {
    test(file, async () => {
      // A test runner that runs within another's environment would tell that one, and nobody else.
      const { NODE_TEST_CONTEXT: _, ...env } = process.env;
      const runner = spawn(process.execPath, ["--test", "--test-reporter=dot", file], {
        cwd: ROOT,
        env: { ...env, TEST_JOURNEYS_ON: url },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let said = "";
      runner.stdout.on("data", (text: Buffer) => (said += text.toString()));
      runner.stderr.on("data", (text: Buffer) => (said += text.toString()));

      const [code] = await once(runner, "close");

      assert.equal(code, 0, said);
    });
  }
});
