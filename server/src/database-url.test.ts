import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseDatabaseUrl } from "./database-url.ts";

describe("parseDatabaseUrl()", () => {
  for (const url of [
    "postgres://user:secret@db.example:5432/posthorn",
    "postgresql://user@[::1]/posthorn?sslmode=require",
    "postgres:///posthorn?host=%2Fvar%2Frun%2Fpostgresql",
    "POSTGRES://db/posthorn",
    "postgres://user@a:5432,b:5433/posthorn?target_session_attrs=read-write",
  ]) {
    test(`takes ${url} as it is`, () => {
      assert.deepEqual(parseDatabaseUrl(url), { kind: "database", database: { kind: "postgres", url } });
    });
  }

  test("takes the path after sqlite:, with slashes or without", () => {
    for (const [url, path] of [
      ["sqlite:./posthorn.db", "./posthorn.db"],
      ["sqlite:///var/lib/posthorn.db", "/var/lib/posthorn.db"],
    ] as const) {
      assert.deepEqual(parseDatabaseUrl(url), { kind: "database", database: { kind: "sqlite", path } });
    }
  });

  test("says what is wrong, and repeats nothing of a URL but its scheme", () => {
    for (const url of [
      "postgres://u:hunter22@db",
      "postgres://u:hunter22@db/",
      "postgres://u:hunter22@db/x y",
      "postgres:hunter22",
      "postgres://u:hunter22@a,b/x?target_session_attrs=standby",
      "postgres://u:hunter22@/x?host=a,b",
      "mysql://u:hunter22@db/x",
      "hunter22",
      "sqlite:",
    ]) {
      const parsed = parseDatabaseUrl(url);
      assert.equal(parsed.kind, "problem", url);
      assert.doesNotMatch(JSON.stringify(parsed), /hunter22/);
    }
  });
});
