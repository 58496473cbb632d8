import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonLeaves, withLeaf } from "./json-leaves.ts";

const TEXT =
  '{"id": 9007199254740993, "a.b": {"": "x:\\"y", "ok": true},\n "lines": [{"price": 1.0}, null, []]}';

test("jsonLeaves() finds every text, number and word, by its path and as it stands", () => {
  assert.deepEqual(
    jsonLeaves(TEXT).map(({ path, kind, literal }) => [path, kind, literal]),
    [
      ["id", "number", "9007199254740993"],
      ["a.b.", "text", '"x:\\"y"'],
      ["a.b.ok", "word", "true"],
      ["lines[0].price", "number", "1.0"],
      ["lines[1]", "word", "null"],
    ],
  );
  assert.deepEqual(
    jsonLeaves(' "alone" ').map(({ path, literal }) => [path, literal]),
    [["", '"alone"']],
  );
  assert.deepEqual(jsonLeaves("{}"), []);
});

test("withLeaf() changes that place and no other character", () => {
  const price = jsonLeaves(TEXT).find(({ path }) => path === "lines[0].price");
  assert.ok(price);
  assert.equal(withLeaf(TEXT, price, "2.50"), TEXT.replace("1.0", "2.50"));
});

test("withLeaf() puts back what jsonLeaves() found", () => {
  for (const leaf of jsonLeaves(TEXT)) {
    assert.equal(withLeaf(TEXT, leaf, leaf.literal), TEXT);
  }
});
