import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { systemClock } from "./clock.ts";
import { readConfig } from "./config.ts";
import { findKeys } from "./keys.ts";
import { systemRandom } from "./random.ts";
import { createMemoryStore } from "./stores/memory.ts";

const MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const ADMIN_KEY = "an admin key of 32 characters ok";

function setup(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-keys-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "posthorn.db");
  const registry = createMemoryStore({ clock: systemClock, random: systemRandom });
  const find = async (isDevelopment: boolean, env: Readonly<Record<string, string>> = {}) => {
    const read = readConfig({ POSTHORN_DATABASE_URL: `sqlite:${path}`, ...env }, { contracts: ["standard"] });
    assert.equal(read.kind, "config");
    return await findKeys({ config: read.config, isDevelopment, registry, random: systemRandom });
  };
  return { file: `${path}-dev-keys`, registry, find };
}

describe("findKeys()", () => {
  test("in development it makes both keys once, in a file that only its owner can read", async (t) => {
    const { file, find } = setup(t);

    const made = await find(true);

    assert.equal(made.masterKey.length, 32);
    assert.match(made.adminKey ?? "", /^phk_/);
    assert.equal(process.platform === "win32" ? 0o600 : statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(await find(true), made);
  });

  test("in development a key that is configured is taken before the one that was made", async (t) => {
    const { find } = setup(t);
    const made = await find(true);

    const { masterKey, adminKey } = await find(true, { POSTHORN_MASTER_KEY: MASTER_KEY });

    assert.deepEqual(masterKey, Buffer.alloc(32, 7));
    assert.equal(adminKey, made.adminKey);
  });

  test("in development it refuses a file that is none of its own, and repeats nothing of it", async (t) => {
    const { file, find } = setup(t);
    for (const text of ["", "null", "hunter22", '{"master_key":"hunter22","admin_key":"hunter22"}']) {
      writeFileSync(file, text);
      await assert.rejects(
        find(true),
        ({ message }: Error) => /is not a file of development keys/.test(message) && !/hunter/.test(message),
      );
    }
  });

  test("in production it refuses to go on without a master key, and makes no file", async (t) => {
    const { file, find } = setup(t);
    await assert.rejects(find(false), /POSTHORN_MASTER_KEY is not set/);
    await assert.rejects(find(false, { POSTHORN_ADMIN_KEY: ADMIN_KEY }), /POSTHORN_MASTER_KEY is not set/);
    assert.throws(() => statSync(file), /ENOENT/);
  });

  test("in production it makes an admin key where there is none, and tells it once", async (t) => {
    const { registry, find } = setup(t);
    const env = { POSTHORN_MASTER_KEY: MASTER_KEY };

    const first = await find(false, env);
    const second = await find(false, env);
    const configured = await find(false, { ...env, POSTHORN_ADMIN_KEY: ADMIN_KEY });

    assert.match(first.adminKey ?? "", /^phk_/);
    assert.equal(second.adminKey, undefined);
    assert.equal((await registry.listKeys(undefined)).length, 1);
    assert.equal(configured.adminKey, ADMIN_KEY);
    assert.equal(configured.adminKeyHash?.length, 32);
  });
});
