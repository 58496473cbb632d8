import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";

const CLI = fileURLToPath(new URL("../../server/src/cli.ts", import.meta.url));
const SECRET = "hunter22-".repeat(4);

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function setup(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-config-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith("POSTHORN_"));
  const run = (words: readonly string[], change: Readonly<Record<string, string>>) =>
    new Promise<Run>((resolve) => {
      const options = { cwd: folder, env: { ...Object.fromEntries(others), ...change } };
      execFile(process.execPath, [CLI, "config", ...words], options, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      });
    });
  return { folder, run };
}

describe("posthorn config", () => {
  test("prints every setting with its source, and no secret", async (t) => {
    const { folder, run } = setup(t);
    const file = join(folder, "url");
    writeFileSync(file, `postgres://u:${SECRET}@db.example/posthorn\n`);
    const env = {
      POSTHORN_PORT: "9000",
      POSTHORN_ADMIN_KEY: SECRET,
      POSTHORN_KEY: SECRET,
      POSTHORN_DATABASE_URL_FILE: file,
    };

    const table = await run([], env);
    const json = await run(["--json"], env);

    assert.deepEqual([table.code, json.code], [0, 0], table.err);
    assert.match(table.out, /^NAME +VALUE +SOURCE\nPOSTHORN_PORT +9000 +environment\n/);
    assert.match(table.out, /\nPOSTHORN_HOST +127\.0\.0\.1 +default\n/);
    assert.match(table.out, /\nPOSTHORN_ADMIN_KEY +\*{8} +environment\n/);
    assert.match(table.out, /\nPOSTHORN_DATABASE_URL +postgres:\/\/\*{8}@db\.example\/posthorn +file\n/);
    assert.doesNotMatch(JSON.stringify([table, json]), /hunter22/);
    const [first] = json.out.split("\n");
    assert.deepEqual(JSON.parse(first ?? ""), {
      name: "POSTHORN_PORT",
      value: "9000",
      source: "environment",
    });
  });

  test("says all that is wrong at once, and ends with 1", async (t) => {
    const { run } = setup(t);
    const env = { POSTHORN_PORT: "x", POSTHORN_PROT: "1", POSTHORN_MASTER_KEY: SECRET };
    const { code, out, err } = await run([], env);
    assert.equal(code, 1);
    assert.match(out, /\nPOSTHORN_MASTER_KEY +\*{8} +environment\n/);
    assert.match(err, /POSTHORN_PORT must be a port from 1 to 65535, got "x"\./);
    assert.match(err, /POSTHORN_PROT is not a name Posthorn knows; the nearest is POSTHORN_PORT\./);
    assert.match(err, /POSTHORN_MASTER_KEY must be the base64 of 32 bytes/);
    assert.doesNotMatch(out + err, /hunter22/);
  });
});
