import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NAMES, SETTINGS } from "./settings.ts";
import { shownSettings } from "./shown-settings.ts";

const SECRET = "hunter22";

function shown(env: Record<string, string>, files: Record<string, string> = {}) {
  const settings = shownSettings(env, (path) => files[path] ?? assert.fail("ENOENT"));
  return (name: string) => {
    const { value, source } = settings.find((each) => each.name === name) ?? assert.fail(name);
    return [value, source];
  };
}

describe("shownSettings()", () => {
  test("shownSettings() shows every setting with its value and its source", () => {
    const env = { POSTHORN_PORT: "9000", POSTHORN_DATABASE_URL_FILE: "/run/url", POSTHORN_EGRESS_ALLOW: "" };
    const of = shown(env, { "/run/url": "sqlite:/var/lib/posthorn.db\n" });
    assert.deepEqual(of("POSTHORN_PORT"), ["9000", "environment"]);
    assert.deepEqual(of("POSTHORN_HOST"), ["127.0.0.1", "default"]);
    assert.deepEqual(of("POSTHORN_DATABASE_URL"), ["sqlite:/var/lib/posthorn.db", "file"]);
    assert.deepEqual(of("POSTHORN_EGRESS_ALLOW"), ["", "environment"]);
    assert.deepEqual(of("POSTHORN_ADMIN_KEY"), [null, "default"]);
    assert.equal(shownSettings({}, assert.fail).length, SETTINGS.length);
  });

  test("shownSettings() shows of a URL no more than where it leads", () => {
    for (const [url, value] of [
      [`postgres://u:${SECRET}@a,b:5433/db`, "postgres://********@a,b:5433/db"],
      [`postgres://u:x@${SECRET}@host/db`, "postgres://********@host/db"],
      [`postgres://host/db?password=${SECRET}`, "postgres://host/db?********"],
      [`mysql://u:${SECRET}@host/db`, "********"],
      [SECRET, "********"],
    ] as const) {
      assert.deepEqual(shown({ POSTHORN_DATABASE_URL: url })("POSTHORN_DATABASE_URL"), [
        value,
        "environment",
      ]);
    }
    const proxied = shown({ POSTHORN_EGRESS_PROXY: `http://u:${SECRET}@proxy:3128` });
    assert.deepEqual(proxied("POSTHORN_EGRESS_PROXY"), ["http://********@proxy:3128", "environment"]);
  });

  test("shownSettings() shows no secret, wherever it is set, and no path of a file", () => {
    const isSecret = /_KEY(_OLD)?$|_FILE$|_URL$|_PROXY$/;
    for (const name of NAMES.filter((each) => isSecret.test(each) && each !== "POSTHORN_URL")) {
      const settings = shownSettings({ [name]: SECRET }, () => SECRET);
      assert.doesNotMatch(JSON.stringify(settings), /hunter22/, name);
    }
    const unread = shownSettings({ POSTHORN_MASTER_KEY_FILE: SECRET }, () => assert.fail(SECRET));
    assert.doesNotMatch(JSON.stringify(unread), /hunter22/);
  });
});
