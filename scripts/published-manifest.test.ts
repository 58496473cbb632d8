import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { publishedManifest } from "./published-manifest.ts";

function setup(manifest: object) {
  return JSON.parse(publishedManifest(JSON.stringify(manifest)));
}

describe("publishedManifest()", () => {
  test("publishedManifest() exports what is built, under names without an ending", () => {
    const exports = { ".": "./a.ts", "./*.ts": "./*.ts", "./*.json": "./*.json", "./*": "./*.ts" };
    assert.deepEqual(setup({ name: "a", exports }), {
      name: "a",
      exports: {
        ".": { types: "./a.d.ts", default: "./a.js" },
        "./*": { types: "./*.d.ts", default: "./*.js" },
      },
    });
  });

  test("publishedManifest() takes the lock off that keeps sources from being published", () => {
    assert.equal("private" in setup({ private: true, exports: { ".": "./a.ts" } }), false);
  });

  test("publishedManifest() refuses what is not built", () => {
    assert.throws(
      () => setup({ exports: { ".": "./a.js" } }),
      /a package exports TypeScript.*; got \.\/a\.js/,
    );
  });
});
