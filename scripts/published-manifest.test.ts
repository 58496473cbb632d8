import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { publishedManifest } from "./published-manifest.ts";

function setup(manifest: object) {
  return JSON.parse(publishedManifest(JSON.stringify(manifest)));
}

describe("publishedManifest()", () => {
  test("publishedManifest() exports what is built, and data as it is", () => {
    const exports = { ".": "./a.ts", "./*.json": "./*.json", "./*": "./*.ts" };
    assert.deepEqual(setup({ name: "a", exports }), {
      name: "a",
      bin: {},
      exports: {
        ".": { types: "./a.d.ts", default: "./a.js" },
        "./*.json": "./*.json",
        "./*": { types: "./*.d.ts", default: "./*.js" },
      },
    });
  });

  test("publishedManifest() names the programs that are built", () => {
    assert.deepEqual(setup({ bin: { posthorn: "./src/cli.ts" } }).bin, { posthorn: "./src/cli.js" });
  });

  test("publishedManifest() takes the lock off that keeps sources from being published", () => {
    assert.equal("private" in setup({ private: true, exports: { ".": "./a.ts" } }), false);
  });

  test("publishedManifest() refuses what is not built", () => {
    assert.throws(() => setup({ exports: { ".": "./a.js" } }), /a package has TypeScript.*; got \.\/a\.js/);
  });
});
