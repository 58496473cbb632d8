import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Config, readConfig } from "./config.ts";

const CONTRACTS = ["standard", "bspk", "spektr"];
const MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const OLDER_KEY = Buffer.alloc(32, 6).toString("base64");
const ADMIN_KEY = "an admin key of 32 characters ok";

function configOf(env: Record<string, string>, files: Record<string, string> = {}): Config {
  const result = readConfig(env, { contracts: CONTRACTS, readFile: (path) => readFrom(files, path) });
  assert.equal(result.kind, "config", result.kind === "problems" ? result.problems.join("\n") : "");
  return result.config;
}

function problemsOf(env: Record<string, string>, files: Record<string, string> = {}): readonly string[] {
  const result = readConfig(env, { contracts: CONTRACTS, readFile: (path) => readFrom(files, path) });
  assert.equal(result.kind, "problems");
  return result.problems;
}

function readFrom(files: Record<string, string>, path: string): string {
  const text = files[path];
  if (text === undefined) {
    throw Object.assign(new Error(`ENOENT: ${path}`), { code: "ENOENT" });
  }
  return text;
}

describe("readConfig()", () => {
  test("readConfig() has a default for everything but the keys", () => {
    assert.deepEqual(configOf({ PATH: "/bin", HOME: "/root" }), {
      port: 8080,
      host: "127.0.0.1",
      database: { kind: "sqlite", path: "./posthorn.db" },
      adminKey: undefined,
      metricsKey: undefined,
      masterKey: undefined,
      olderMasterKeys: [],
      keyRatePerSecond: 500,
      contract: "standard",
      egressAllow: undefined,
      egressProxy: undefined,
      retentionDays: 90,
      retention: {},
      publicUrl: undefined,
      portalOrigins: [],
      logLevel: "info",
    });
  });

  test("readConfig() reads every variable", () => {
    const config = configOf({
      POSTHORN_PORT: "65535",
      POSTHORN_HOST: "::",
      POSTHORN_DATABASE_URL: "sqlite:/var/lib/posthorn.db",
      POSTHORN_ADMIN_KEY: ADMIN_KEY,
      POSTHORN_METRICS_KEY: `${ADMIN_KEY} too`,
      POSTHORN_MASTER_KEY: MASTER_KEY,
      POSTHORN_MASTER_KEY_OLD: `${OLDER_KEY}, ${MASTER_KEY}`,
      POSTHORN_KEY_RATE_PER_SECOND: "0",
      POSTHORN_CONTRACT: "bspk",
      POSTHORN_EGRESS_ALLOW: "10.0.0.0/8, ::1/128",
      POSTHORN_EGRESS_PROXY: "http://proxy.example:3128",
      POSTHORN_RETENTION_DAYS: "0",
      POSTHORN_RETENTION_PAYLOAD_DAYS: "7",
      POSTHORN_RETENTION_DEAD_LETTERS_DAYS: "36500",
      POSTHORN_PUBLIC_URL: "https://example.com/hooks/",
      POSTHORN_PORTAL_ORIGINS: "https://app.example.com, http://localhost:3000/",
      POSTHORN_LOG_LEVEL: "debug",
    });
    assert.deepEqual(config, {
      port: 65535,
      host: "::",
      database: { kind: "sqlite", path: "/var/lib/posthorn.db" },
      adminKey: ADMIN_KEY,
      metricsKey: `${ADMIN_KEY} too`,
      masterKey: Buffer.alloc(32, 7),
      olderMasterKeys: [Buffer.alloc(32, 6), Buffer.alloc(32, 7)],
      keyRatePerSecond: 0,
      contract: "bspk",
      egressAllow: ["10.0.0.0/8", "::1/128"],
      egressProxy: { hostname: "proxy.example", port: 3128, authorization: undefined },
      retentionDays: 0,
      retention: { payload: 7, dead_letters: 36_500 },
      publicUrl: "https://example.com/hooks",
      portalOrigins: ["https://app.example.com", "http://localhost:3000"],
      logLevel: "debug",
    });
  });

  test("readConfig() passes over what is set for the commands that ask a server", () => {
    const env = { POSTHORN_URL: "http://a", POSTHORN_TENANT: "acme", POSTHORN_KEY: "phk_x" };
    assert.deepEqual(configOf(env), configOf({}));
    assert.match(problemsOf({ POSTHORN_KEY_FILE: "/x" })[0] ?? "", /not a name Posthorn knows/);
  });

  test("readConfig() takes origins alone for who may show the portal, and no user in its own URL", () => {
    for (const text of ["*", "https://*.example.com", "https://a.example/x", "a.example", "'self'"]) {
      const [problem = ""] = problemsOf({ POSTHORN_PORTAL_ORIGINS: text });
      assert.match(problem, /^POSTHORN_PORTAL_ORIGINS must be origins/, text);
    }
    for (const text of ["ftp://a.example", "https://u:p@a.example", "https://a.example/?x", "hooks"]) {
      assert.match(problemsOf({ POSTHORN_PUBLIC_URL: text })[0] ?? "", /^POSTHORN_PUBLIC_URL must be/, text);
    }
  });

  test("readConfig() tells an empty egress list from an unset one", () => {
    assert.deepEqual(configOf({ POSTHORN_EGRESS_ALLOW: "" }).egressAllow, []);
    assert.equal(configOf({}).egressAllow, undefined);
  });

  test("readConfig() reads the keys from files and drops the line's end", () => {
    const config = configOf(
      {
        POSTHORN_ADMIN_KEY_FILE: "/run/admin",
        POSTHORN_MASTER_KEY_FILE: "/run/master",
        POSTHORN_MASTER_KEY_OLD_FILE: "/run/older",
      },
      {
        "/run/admin": `${ADMIN_KEY}\n`,
        "/run/master": `${MASTER_KEY}\r\n`,
        "/run/older": `${OLDER_KEY}\n`,
      },
    );
    assert.deepEqual(config.olderMasterKeys, [Buffer.alloc(32, 6)]);
    assert.equal(config.adminKey, ADMIN_KEY);
    assert.deepEqual(config.masterKey, Buffer.alloc(32, 7));
  });

  test("readConfig() says what is wrong, what is allowed and what was given", () => {
    const cases: readonly (readonly [Record<string, string>, RegExp])[] = [
      [{ POSTHORN_PORT: "99999" }, /^POSTHORN_PORT must be a port from 1 to 65535, got "99999"\.$/],
      [{ POSTHORN_PORT: "0" }, /got "0"/],
      [{ POSTHORN_PORT: "80 " }, /got "80 "/],
      [{ POSTHORN_PORT: "" }, /got ""/],
      [{ POSTHORN_HOST: "http://localhost" }, /POSTHORN_HOST must be a name or an address .*got "http:/],
      [{ POSTHORN_DATABASE_URL: "mysql://root:hunter22@db" }, /got a URL of the scheme mysql:/],
      [{ POSTHORN_DATABASE_URL: "sqlite:" }, /got sqlite: without a path/],
      [{ POSTHORN_DATABASE_URL: "./posthorn.db" }, /got text without a scheme/],
      [
        { POSTHORN_DATABASE_URL: "postgres://u:hunter22@db" },
        /^POSTHORN_DATABASE_URL names PostgreSQL and must be postgres:\/\/user:password@host\/database, /,
      ],
      [{ POSTHORN_SHARDS: "0" }, /^POSTHORN_SHARDS must be a whole number from 1 to 64, got "0"\.$/],
      [{ POSTHORN_SHARDS: "65" }, /got "65"/],
      [{ POSTHORN_SHARDS: "4.5" }, /got "4.5"/],
      [{ POSTHORN_METRICS_KEY: "hunter22" }, /^POSTHORN_METRICS_KEY must have 32 or more .* got 8\./],
      [{ POSTHORN_ADMIN_KEY: "hunter22" }, /32 or more characters of ASCII.* got 8\./],
      [{ POSTHORN_ADMIN_KEY: `hunter22${"é".repeat(32)}` }, /ASCII/],
      [{ POSTHORN_MASTER_KEY: "hunter22" }, /base64 of 32 bytes.* got the base64 of 6 bytes/],
      [{ POSTHORN_MASTER_KEY: "hunter22!" }, /got 9 characters that are not base64/],
      [
        { POSTHORN_MASTER_KEY_OLD: `${OLDER_KEY},hunter22` },
        /^each part of POSTHORN_MASTER_KEY_OLD, .* got the base64 of 6 bytes/,
      ],
      [{ POSTHORN_KEY_RATE_PER_SECOND: "1.5" }, /whole number of requests .* 0 for no limit, got "1.5"\.$/],
      [{ POSTHORN_KEY_RATE_PER_SECOND: "1000001" }, /up to 1000000, /],
      [{ POSTHORN_KEY_RATE_PER_SECOND: "-1" }, /got "-1"/],
      [{ POSTHORN_CONTRACT: "webhooks" }, /must be one of standard, bspk, spektr, got "webhooks"/],
      [
        { POSTHORN_EGRESS_ALLOW: "10.0.0.0/8,10.0.0.1" },
        /^POSTHORN_EGRESS_ALLOW: a CIDR needs a prefix, got "10\.0\.0\.1"; .* write "10\.0\.0\.1\/32"\.$/,
      ],
      [{ POSTHORN_EGRESS_ALLOW: "10.0.0.5/8" }, /no bits beyond its prefix, got "10\.0\.0\.5\/8"/],
      [{ POSTHORN_EGRESS_PROXY: "https://u:hunter22@proxy" }, /POSTHORN_EGRESS_PROXY must begin with http:/],
      [
        { POSTHORN_RETENTION_DAYS: "30", POSTHORN_RETENTION_PAYLOAD_DAYS: "31" },
        /^POSTHORN_RETENTION_PAYLOAD_DAYS must be .* from 1 to 30, as events are kept no .* got "31"\.$/,
      ],
      [{ POSTHORN_RETENTION_ATTEMPTS_DAYS: "0" }, /must be a whole number of days from 1 to 90, .* got "0"/],
      [{ POSTHORN_LOG_LEVEL: "verbose" }, /must be one of debug, info, warn, error, silent, got "verbose"/],
      [
        { POSTHORN_DATABSE_URL: "sqlite:hunter22" },
        /POSTHORN_DATABSE_URL is not .* nearest is POSTHORN_DATABASE_URL\./,
      ],
      [
        { POSTHORN_MASTER_KEY_FILE: "hunter22" },
        /^POSTHORN_MASTER_KEY_FILE must name a file that can be read, got one that cannot \(ENOENT\)\.$/,
      ],
      [{ POSTHORN_ADMIN_KEY: ADMIN_KEY, POSTHORN_ADMIN_KEY_FILE: "/x" }, /are both set/],
    ];
    for (const [env, pattern] of cases) {
      const problems = problemsOf(env);
      assert.equal(problems.length, 1, JSON.stringify(env));
      assert.match(problems[0] ?? "", pattern);
      assert.doesNotMatch(problems[0] ?? "", /hunter22/, "no secret is repeated");
    }
  });

  test("readConfig() says everything at once", () => {
    const problems = problemsOf({
      POSTHORN_PORT: "x",
      POSTHORN_CONTRACT: "y",
      POSTHORN_PROT: "1",
      POSTHORN_HOST: "",
    });
    assert.equal(problems.length, 4);
  });

  test("readConfig() judges a secret in a file as one in the environment, without repeating it", () => {
    const [problem] = problemsOf({ POSTHORN_MASTER_KEY_FILE: "/run/master" }, { "/run/master": "hunter22" });
    assert.match(problem ?? "", /got the base64 of 6 bytes/);
  });
});
