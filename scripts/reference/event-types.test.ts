import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { standard } from "@posthorn/contracts/standard/send";
import { CONTRACTS } from "../../server/src/built-in-contracts.ts";
import { eventTypesPage } from "./event-types.ts";

describe("docs/reference/event-types.md", () => {
  it("is what the catalogues say; if not, run node scripts/write-reference.ts", () => {
    const page = new URL("../../docs/reference/event-types.md", import.meta.url);
    assert.equal(readFileSync(page, "utf8"), eventTypesPage([...CONTRACTS.values()]));
  });
});

describe("eventTypesPage()", () => {
  it("eventTypesPage() has of each type its row, its successor, its schema and its example", () => {
    const schema = { type: "object" } as const;
    const eventTypes = [
      { name: "O (A)", description: "Was.", deprecatedFor: "New", schema, example: { data: { n: 1 } } },
      { name: "New", description: "Is.", schema },
      { name: "Bare", description: "Nothing is known." },
    ];

    const page = eventTypesPage([{ ...standard, catalogue: { kind: "closed", eventTypes } }]);

    const row = "| `O (A)` | `standard` | yes → `New` | [schema](#standard-o-a) | [example](#standard-o-a) |";
    assert.ok(page.includes(row), page);
    assert.ok(page.includes("\n### standard: O (A)\n"));
    assert.ok(page.includes('\n{ "n": 1 }\n'));
    assert.ok(page.includes("Schema: that of [`O (A)`](#standard-o-a)."));
    assert.equal(page.split("<summary>Schema</summary>").length, 2);
    assert.equal(page.split("<summary>Example</summary>").length, 2);
    assert.ok(page.includes("Closed:"));
  });

  it("eventTypesPage() leaves out a contract that knows no types", () => {
    assert.ok(!eventTypesPage([standard]).includes("## standard"));
  });
});
