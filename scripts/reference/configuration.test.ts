import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { NAMES } from "../../server/src/settings.ts";
import { configurationPage } from "./configuration.ts";

test("docs/reference/configuration.md is as node scripts/write-reference.ts writes it", () => {
  const page = new URL("../../docs/reference/configuration.md", import.meta.url);
  assert.equal(readFileSync(page, "utf8"), configurationPage());
});

test("configurationPage() has every variable", () => {
  const page = configurationPage();
  for (const name of NAMES) {
    assert.ok(page.includes(`\`${name}\``), name);
  }
});
