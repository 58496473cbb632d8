import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { apiPage, descriptionFile } from "./api.ts";
import { breakingChanges } from "./breaking-changes.ts";
import { readExamples, withExamples } from "./client-examples.ts";
import { clientOperations } from "./client-operations.ts";
import { clientPage } from "./client-page.ts";
import { handWrittenFiles } from "./client-symbols.ts";
import { keyChoices } from "./key-choices.ts";
import { servedDescription } from "./served-description.ts";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

describe("docs/reference and the client", () => {
  it("say what a server says of its API; if not, run node scripts/write-reference.ts", async () => {
    const served = await servedDescription();
    assert.deepEqual(breakingChanges(JSON.parse(read("docs/reference/openapi.json")), served), []);
    assert.equal(read("docs/reference/openapi.json"), descriptionFile(served));
    assert.equal(read("docs/reference/api.md"), apiPage(served));
    const examples = readExamples();
    assert.equal(read("client/operations.ts"), clientOperations(served, examples));
    assert.equal(read("client/key-choices.ts"), keyChoices(served));
    assert.equal(read("docs/reference/client.md"), clientPage(served, examples));
    for (const path of handWrittenFiles().map((file) => `client/${file}`)) {
      assert.equal(read(path), withExamples(read(path), examples, { isRepeated: false }), path);
    }
  });
});
