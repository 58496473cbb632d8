/** A rotation of the master key that is killed in the middle. */
import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../server/src/clock.ts";
import { systemRandom } from "../../server/src/random.ts";
import { createSeal, type Seal, secretContext } from "../../server/src/seal.ts";
import { surveySecrets } from "../../server/src/stored-secrets.ts";
import { endpointDraft } from "../../server/src/stores/conformance/samples.ts";
import { createTenant } from "../../server/src/stores/conformance/setup.ts";
import { openSqliteStore, type SqliteStore } from "../../server/src/stores/sqlite/open.ts";
import { NEW_KEY, OLD_KEY } from "./master-keys.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const COMMAND_LINE = fileURLToPath(new URL("../../server/src/cli.ts", import.meta.url));
const RESEALING = fileURLToPath(new URL("resealing-process.ts", import.meta.url));
// Three steps of 500.
const COUNT = 1001;

const OLD = createSeal({ key: OLD_KEY, random: systemRandom });
const NEW = createSeal({ key: NEW_KEY, random: systemRandom });
const BOTH = createSeal({ key: NEW_KEY, olderKeys: [OLD_KEY], random: systemRandom });

/** A database with secrets under the old key. */
async function setup(t: TestContext) {
  const folder = temporaryFolder("master-key");
  t.after(() => folder[Symbol.dispose]());
  const path = join(folder.path, "posthorn.db");
  await withStore(path, async (store) => {
    const { number: tenant } = await createTenant(store, "acme");
    const seal = (endpoint: number) => OLD.seal(`secret ${endpoint}`, secretContext(tenant, endpoint));
    const drafts = Array.from({ length: COUNT }, () =>
      endpointDraft(tenant, { secret: { seal, publicKey: undefined } }),
    );
    await Promise.all(drafts.map((draft) => store.createEndpoint(draft)));
  });
  return { folder: folder.path, path };
}

async function withStore<Result>(path: string, use: (store: SqliteStore) => Promise<Result>) {
  const onFatal = (error: unknown) => {
    throw error;
  };
  const store = openSqliteStore({ path, clock: systemClock, random: systemRandom, onFatal });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** Checks that a seal opens every secret, and returns how many are under its newest key. */
async function countCurrent(path: string, seal: Seal): Promise<number> {
  return await withStore(path, async (store) => {
    const secrets = await store.readSealed(undefined, COUNT + 1);
    assert.deepEqual(
      secrets.map(({ tenant, endpoint, sealed }) => seal.unseal(sealed, secretContext(tenant, endpoint))),
      Array.from({ length: COUNT }, (_, index) => `secret ${index + 1}`),
    );
    return (await surveySecrets(store, seal)).current;
  });
}

function run(path: string, args: readonly string[], keys: Readonly<Record<string, string>>) {
  return spawnSync(process.execPath, [COMMAND_LINE, ...args], {
    encoding: "utf8",
    // One that serves does not end by itself.
    timeout: 60_000,
    env: { PATH: process.env["PATH"], POSTHORN_DATABASE_URL: `sqlite:${path}`, POSTHORN_PORT: "1", ...keys },
  });
}

function kill(path: string, step: number, moment: string): SpawnSyncReturns<Buffer> {
  return spawnSync(process.execPath, [RESEALING, path, `${step}`, moment]);
}

const base64 = (key: Uint8Array) => Buffer.from(key).toString("base64");
const KEYS = { POSTHORN_MASTER_KEY: base64(NEW_KEY), POSTHORN_MASTER_KEY_OLD: base64(OLD_KEY) };

describe("posthorn keys rotate-master", () => {
  test("goes on after it was killed at any step, and no secret is lost on the way", async (t) => {
    const { folder, path } = await setup(t);

    for (const [moment, sealed] of [
      ["before", 0],
      ["after", 500],
    ] as const) {
      assert.equal(kill(path, 1, moment).signal, "SIGKILL");
      assert.equal(await countCurrent(path, BOTH), sealed);
    }
    // The first page has nothing to do any more.
    assert.equal(kill(path, 2, "after").signal, "SIGKILL");
    assert.equal(await countCurrent(path, BOTH), 1000);

    const { status, stdout, stderr } = run(path, ["keys", "rotate-master"], KEYS);

    assert.deepEqual([status, stderr], [0, ""]);
    assert.equal(stdout, `sealed anew under the master key ${NEW.keyId}: 1\n`);
    assert.equal(await countCurrent(path, NEW), COUNT);
    for (const name of readdirSync(folder)) {
      const isThere = readFileSync(join(folder, name)).includes(OLD.keyId);
      assert.equal(isThere, false, `${name} holds an envelope of the old key`);
    }
  });

  test("a server without the key that secrets are under does not start, and names it", async (t) => {
    const { path } = await setup(t);

    const refused = run(path, ["serve"], { POSTHORN_MASTER_KEY: base64(NEW_KEY) });
    const unopened = run(path, ["keys", "rotate-master"], { POSTHORN_MASTER_KEY: base64(NEW_KEY) });

    assert.equal(refused.status, 1);
    assert.match(
      refused.stderr,
      new RegExp(`under the master key of the id ${OLD.keyId}, .*_MASTER_KEY_OLD`),
    );
    assert.equal(unopened.status, 1);
    assert.match(unopened.stdout, /: 0\n$/);
    assert.match(unopened.stderr, new RegExp(`secrets of ${COUNT} endpoints did not open`));
    assert.equal(await countCurrent(path, OLD), COUNT);
  });

  test("says what is wrong with how it is called", async (t) => {
    const { path } = await setup(t);
    const cases = [
      [["keys"], 2, /or rotate-master, got ""/],
      [["keys", "rotate"], 2, /got "rotate"/],
      [["keys", "rotate-master", "--all"], 2, /--all/],
      [["keys", "rotate-master"], 1, /POSTHORN_MASTER_KEY is not set/],
    ] as const;
    for (const [args, status, says] of cases) {
      const ended = run(path, args, {});
      assert.equal(ended.status, status);
      assert.match(ended.stderr, says);
    }
  });
});
