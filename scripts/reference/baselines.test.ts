import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { VERSION } from "../../server/src/version.ts";
import { asObject } from "../house-rules/tree.ts";
import { baselineOf, brokenPromises } from "./baselines.ts";

const FOLDER = join(import.meta.dirname, "../../docs/reference");

const read = (name: string): unknown => JSON.parse(readFileSync(join(FOLDER, name), "utf8"));

describe("the baseline of the API", () => {
  it("is one for each version that may break callers of the one before", () => {
    assert.equal(baselineOf("0.1.0"), "openapi-0.1.json");
    assert.equal(baselineOf("0.12.3"), "openapi-0.12.json");
    assert.equal(baselineOf("2.3.4"), "openapi-2.json");
    assert.throws(() => baselineOf("next"), /must be as 0\.1\.0, got "next"/);
  });

  it("is there for this version, and what is served now breaks nothing of it", () => {
    assert.ok(read(baselineOf(VERSION)));
    assert.deepEqual(brokenPromises(FOLDER, { version: VERSION, description: read("openapi.json") }), []);
  });

  it("finds an operation that went from the committed description and from the code alike", () => {
    const description = asObject(read("openapi.json"));
    const paths = Object.entries(asObject(description["paths"])).filter(([path]) => path !== "/v1/contracts");
    const without = { ...description, paths: Object.fromEntries(paths) };
    assert.deepEqual(brokenPromises(FOLDER, { version: VERSION, description: without }), [
      "GET /v1/contracts is gone",
    ]);
  });

  it("of another version binds nobody", (t) => {
    const folder = mkdtempSync(join(tmpdir(), "posthorn-baselines-"));
    t.after(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "openapi-0.1.json"), '{ "paths": { "/gone": { "get": {} } } }');
    const description = { paths: {} };
    assert.deepEqual(brokenPromises(folder, { version: "0.1.9", description }), ["GET /gone is gone"]);
    assert.deepEqual(brokenPromises(folder, { version: "0.2.0", description }), []);
  });
});
