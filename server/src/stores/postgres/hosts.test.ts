import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createHosts } from "./hosts.ts";

describe("createHosts()", () => {
  test("gives each host the rest of the URL, in turns", () => {
    const url = "postgres://me:se%40cret@a:5432,[::1]:5433,c/posthorn?sslmode=require";
    const hosts = createHosts(`${url}&target_session_attrs=read-write`);

    const seen = Array.from({ length: hosts.count + 1 }, () => {
      const one = hosts.current();
      hosts.moveOn(one);
      return one;
    });

    assert.deepEqual(seen, [
      "postgres://me:se%40cret@a:5432/posthorn?sslmode=require",
      "postgres://me:se%40cret@[::1]:5433/posthorn?sslmode=require",
      "postgres://me:se%40cret@c/posthorn?sslmode=require",
      "postgres://me:se%40cret@a:5432/posthorn?sslmode=require",
    ]);
  });

  test("moves on once, however many found out that a host is of no use", () => {
    const hosts = createHosts("postgres://a,b,c/posthorn");
    const first = hosts.current();

    hosts.moveOn(first);
    hosts.moveOn(first);

    assert.equal(hosts.current(), "postgres://b/posthorn");
  });

  for (const url of [
    "postgres://user@db:5432/posthorn",
    "postgres:///posthorn?host=%2Fvar%2Frun%2Fpostgresql",
    "postgres://user@/posthorn?host=/run&port=5433",
  ]) {
    test(`leaves ${url} as it is`, () => {
      const hosts = createHosts(url);
      hosts.moveOn(url);
      assert.deepEqual([hosts.count, hosts.current()], [1, url]);
    });
  }
});
