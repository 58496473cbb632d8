import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { apiPage, descriptionFile } from "./api.ts";
import { breakingChanges } from "./breaking-changes.ts";
import { servedDescription } from "./served-description.ts";

const read = (name: string) => readFileSync(new URL(`../../docs/reference/${name}`, import.meta.url), "utf8");

describe("docs/reference/api.md and openapi.json", () => {
  it("are what a server says of its API; if not, run node scripts/write-reference.ts", async () => {
    const served = await servedDescription();
    assert.deepEqual(breakingChanges(JSON.parse(read("openapi.json")), served), []);
    assert.equal(read("openapi.json"), descriptionFile(served));
    assert.equal(read("api.md"), apiPage(served));
  });
});
