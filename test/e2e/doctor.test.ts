/** `posthorn doctor`, beside a server and without one. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openApplication } from "../../server/src/stores/postgres/application-fixture.ts";
import { makeDatabases, NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { findPostgres } from "../postgres/find-postgres.ts";
import { install } from "./installation.ts";
import { makeEndpoint } from "./steps.ts";

const CLI = fileURLToPath(new URL("../../server/src/cli.ts", import.meta.url));
const ADMIN_KEY = "hunter22-admin-key-of-the-doctor-0001";
const MASTER_KEY = Buffer.alloc(32, "hunter22").toString("base64");
/** Nobody is there, and nothing is sent to it. */
const ENDPOINT = { url: "http://127.0.0.1:9000/hooks" };
const MOVED = JSON.stringify({ id: "1", to: "db.example", movedAt: Date.parse("2026-05-01") });
const OTHER_KEY = Buffer.alloc(32, "another").toString("base64");

interface Finding {
  readonly check: string;
  readonly status: string;
  readonly says: string;
  readonly fix: string | null;
}

interface Seen {
  readonly code: number;
  readonly out: string;
  of(check: string): readonly Finding[];
}

type Env = Readonly<Record<string, string>>;

/** Runs the command as one of its own, with `env` as all of its settings. */
function doctor(env: Env, ...words: readonly string[]): Promise<Seen> {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith("POSTHORN_"));
  const options = { cwd: tmpdir(), env: { ...Object.fromEntries(others), ...env } };
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, "doctor", ...words], options, (error, out, err) => {
      const all: readonly Finding[] = words.includes("--json")
        ? out
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line))
        : [];
      assert.doesNotMatch(`${out}${err}`, /hunter22|aHVudGVyMj/, "no secret is printed");
      const of = (check: string) => all.filter((finding) => finding.check === check);
      resolve({ code: error === null ? 0 : Number(error.code), out, of });
    });
  });
}

async function setup(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-doctor-"));
  const path = join(folder, "looked-at.db");
  const env = {
    POSTHORN_DATABASE_URL: `sqlite:${path}`,
    POSTHORN_ADMIN_KEY: ADMIN_KEY,
    POSTHORN_MASTER_KEY: MASTER_KEY,
  };
  const posthorn = await install({ env });
  const ended = { isClosed: false };
  const close = async () => {
    ended.isClosed = true;
    await posthorn.close();
  };
  t.after(async () => {
    if (!ended.isClosed) {
      await close();
    }
    rmSync(folder, { recursive: true });
  });
  await makeEndpoint({ posthorn, tenant: await posthorn.tenant("standard") }, ENDPOINT);
  return { folder, path, env, posthorn, close };
}

function change(path: string, sql: string): void {
  using database = new DatabaseSync(path);
  database.exec(sql);
}

const postgres = await findPostgres();

describe("posthorn doctor", () => {
  test("is content beside a server and without one, and changes nothing", async (t) => {
    const { env, posthorn, close } = await setup(t);

    const beside = await doctor(env);
    const { status } = await posthorn.call("GET", "/v1/tenants");
    await close();
    const alone = await doctor(env, "--json");

    assert.deepEqual([beside.code, status, alone.code], [0, 200, 0], beside.out + alone.out);
    assert.match(beside.out, /^ok {7}configuration {2}every setting is known and right$/m);
    assert.match(beside.out, /^ok {7}store {10}it opens, .* all of its \d+ migrations are applied$/m);
    assert.match(beside.out, /^ok {7}secrets {8}the master key [0-9a-f]{8} opens all 1 secrets$/m);
    for (const check of ["store", "clock", "disk", "egress", "guard", "secrets", "configuration"]) {
      assert.ok(alone.of(check).length > 0, `${check} was looked at`);
    }
  });

  test("makes no database where there is none", async (t) => {
    const { folder, env } = await setup(t);
    const path = join(folder, "none.db");
    const { code, of } = await doctor({ ...env, POSTHORN_DATABASE_URL: `sqlite:${path}` }, "--json");

    assert.equal(code, 0);
    assert.deepEqual(
      of("store").map(({ status, says }) => [status, says]),
      [["warning", "there is no database yet"]],
    );
    assert.ok(!existsSync(path));
  });

  test("finds master keys that are missing, wrong, or of before", async (t) => {
    const { path, env } = await setup(t);
    const { POSTHORN_MASTER_KEY: _, ...without } = env;
    const wrong = await doctor({ ...env, POSTHORN_MASTER_KEY: OTHER_KEY }, "--json");
    const keys = { POSTHORN_MASTER_KEY: OTHER_KEY, POSTHORN_MASTER_KEY_OLD: MASTER_KEY };
    const old = await doctor({ ...env, ...keys }, "--json");
    const missing = await doctor(without, "--json");
    const unneeded = await doctor({ ...env, POSTHORN_MASTER_KEY_OLD: OTHER_KEY });
    change(path, "UPDATE secret SET sealed = substr(sealed, 1, length(sealed) - 1)");
    const damaged = await doctor(env, "--json");

    const summary = ({ code, of }: Seen) => [
      code,
      of("secrets")
        .map(({ status }) => status)
        .join(),
    ];
    assert.deepEqual(summary(wrong), [1, "problem"]);
    assert.match(wrong.of("secrets")[0]?.fix ?? "", /POSTHORN_MASTER_KEY_OLD/);
    assert.deepEqual(summary(old), [0, "warning"]);
    assert.match(old.of("secrets")[0]?.fix ?? "", /rotate-master/);
    assert.deepEqual(summary(missing), [1, "problem"]);
    assert.match(unneeded.out, /POSTHORN_MASTER_KEY_OLD opens none of them and can go/);
    assert.deepEqual(summary(damaged), [1, "problem"]);
    assert.match(damaged.of("secrets")[0]?.says ?? "", /^secrets of 1 endpoints do not open/);
  });

  test("takes the keys that development made, and says that production has none", async (t) => {
    const { folder } = await setup(t);
    const env = { POSTHORN_DATABASE_URL: `sqlite:${join(folder, "development.db")}` };
    const development = await install({ env });
    t.after(() => development.close());
    const { code, of } = await doctor(env, "--json");

    assert.deepEqual([code, of("secrets").map(({ status }) => status)], [0, ["warning", "ok"]]);
  });

  test("names an unknown setting and looks at the rest all the same", async (t) => {
    const { env } = await setup(t);
    const unknown = await doctor({ ...env, POSTHORN_PROT: "1" }, "--json");
    const wrong = await doctor({ ...env, POSTHORN_PORT: "x" }, "--json");

    assert.equal(unknown.code, 1);
    assert.match(unknown.of("configuration")[0]?.says ?? "", /POSTHORN_PROT .* nearest is POSTHORN_PORT/);
    assert.equal(unknown.of("secrets")[0]?.status, "ok");
    assert.equal(wrong.code, 1);
    assert.deepEqual(
      wrong.of("configuration").map(({ status }) => status),
      ["problem", "warning"],
    );
    assert.deepEqual(wrong.of("store"), []);
  });

  test("warns of a log ahead of the clock, of a backup, and of an older schema", async (t) => {
    const { path, env, close } = await setup(t);
    await close();
    change(path, "INSERT INTO meta (name, value) VALUES ('backed_up_at', CAST('1' AS BLOB))");
    change(path, "UPDATE log SET head = head + 3600000 * 4096");
    const restored = await doctor(env, "--json");
    change(path, "DELETE FROM migration WHERE number = (SELECT MAX(number) FROM migration)");
    const older = await doctor(env, "--json");

    assert.equal(restored.code, 0);
    assert.match(restored.of("store").at(-1)?.fix ?? "", /posthorn resume/);
    assert.match(restored.of("clock")[0]?.says ?? "", /3[56]\d\d s ahead of the clock/);
    assert.equal(older.of("store")[0]?.status, "warning");
    assert.match(older.of("store")[0]?.says ?? "", /^1 migrations are missing: \d+;/);
  });

  test("finds a database that no start would take", async (t) => {
    const { path, env, close } = await setup(t);
    await close();
    change(path, `INSERT INTO meta (name, value) VALUES ('move', CAST('${MOVED}' AS BLOB))`);
    const moved = await doctor(env, "--json");
    change(path, "INSERT INTO migration (number, checksum, applied_at) VALUES (9999, 'x', 0)");
    const newer = await doctor(env, "--json");
    const gone = { ...env, POSTHORN_DATABASE_URL: "postgres://u:hunter22@127.0.0.1:1/none" };
    const unreachable = await doctor(gone, "--json");

    assert.deepEqual([moved.code, moved.of("store")[0]?.status], [1, "problem"]);
    assert.match(moved.of("store")[0]?.says ?? "", /was moved to db\.example at 2026-/);
    assert.deepEqual([newer.code, newer.of("store")[0]?.status], [1, "problem"]);
    assert.match(newer.of("store")[0]?.says ?? "", /migrated by a newer version/);
    assert.deepEqual([unreachable.code, unreachable.of("store")[0]?.status], [1, "problem"]);
    assert.match(unreachable.of("store")[0]?.says ?? "", /ECONNREFUSED/);
  });

  test("looks at PostgreSQL and its clock", { skip: postgres === undefined && NO_POSTGRES }, async (t) => {
    assert.ok(postgres !== undefined);
    const databases = await makeDatabases(postgres, Date.now());
    const { url, drop } = await databases.create();
    const keys = { POSTHORN_ADMIN_KEY: ADMIN_KEY, POSTHORN_MASTER_KEY: MASTER_KEY };
    const env = { POSTHORN_DATABASE_URL: url, ...keys };
    const fresh = await doctor(env, "--json");
    const posthorn = await install({ env });
    t.after(async () => {
      await posthorn.close();
      await drop();
      await databases.close();
    });
    await makeEndpoint({ posthorn, tenant: await posthorn.tenant("standard") }, ENDPOINT);
    const served = await doctor(env);

    assert.equal(fresh.code, 0);
    assert.equal(served.code, 0);
    assert.match(served.out, /^ok {7}store .* migrations are applied$/m);
    assert.match(served.out, /^ok {7}clock {10}it is .*, \d+ ms from the database's clock$/m);
    assert.match(served.out, /^ok {7}secrets .* opens all 1 secrets$/m);
    assert.match(
      served.out,
      /^ok {7}store {10}PostgreSQL \d.* has \d+ MB .* \d+ of \d+ connections are taken$/m,
    );
  });

  test("finds what a user of PostgreSQL may not write", {
    skip: postgres === undefined && NO_POSTGRES,
  }, async (t) => {
    assert.ok(postgres !== undefined);
    const databases = await makeDatabases(postgres, Date.now());
    const { url, drop } = await databases.create();
    const pool = openApplication(url);
    const reader = `reader_${randomUUID().replaceAll("-", "")}`;
    t.after(async () => {
      await pool.query(`DROP OWNED BY ${reader}`);
      await pool.query(`DROP ROLE ${reader}`);
      await pool.end();
      await drop();
      await databases.close();
    });
    await pool.query(`CREATE ROLE ${reader} LOGIN PASSWORD 'hunter22'`);
    await pool.query(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${reader}`);
    // A URL whose host is a folder is none to URL().
    const asReader = url.replace(/^([a-z]+:\/\/)(?:[^@/]*@)?/, `$1${reader}:hunter22@`);
    const keys = { POSTHORN_ADMIN_KEY: ADMIN_KEY, POSTHORN_MASTER_KEY: MASTER_KEY };
    const { code, of } = await doctor({ ...keys, POSTHORN_DATABASE_URL: asReader }, "--json");

    assert.equal(code, 1);
    const forbidden = of("store").find(({ status }) => status === "problem");
    assert.match(forbidden?.says ?? "", /^this user may not write or change .*event, .*retry/);
    assert.match(forbidden?.says ?? "", /the schema public/);
    assert.match(forbidden?.fix ?? "", /member of the role that owns the tables/);
  });
});
