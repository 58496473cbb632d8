import assert from "node:assert/strict";
import { test } from "node:test";
import {
  areSendable,
  type NameRow,
  pointerTo,
  rowProblem,
  rowsOf,
  textsOf,
  trimmed,
  withEmptyRow,
  withheldIn,
} from "./name-rows.ts";

function written(name: string, value = ""): (rows: readonly NameRow[]) => readonly NameRow[] {
  return (rows) => withEmptyRow(rows).map((row, at) => (at === rows.length ? { ...row, name, value } : row));
}

test("textsOf() gives back what rowsOf() took, names that mean something to JavaScript too", () => {
  const headers = { "X-Team": "billing", Authorization: "Bearer 1", constructor: "c" };
  assert.deepEqual(textsOf(rowsOf(headers)), headers);
  const rows = written("__proto__", "x")(rowsOf({}));
  assert.deepEqual(Object.keys(textsOf(rows)), ["__proto__"]);
});

test("textsOf() leaves out rows that nothing was written in, and trimmed() the space around what was", () => {
  const rows = withEmptyRow(written(" X-Team ", " billing\t")(rowsOf({ "X-Old": "1" })));
  assert.deepEqual(textsOf(rows), { "X-Old": "1", " X-Team ": " billing\t" });
  assert.deepEqual(textsOf(trimmed(rows)), { "X-Old": "1", "X-Team": "billing" });
  assert.deepEqual(textsOf(trimmed(written(" ", " ")([]))), {});
  assert.ok(areSendable(rows));
});

test("withEmptyRow() gives a row a key that none has, also after one was taken away", () => {
  const rows = rowsOf({ a: "1", b: "2", c: "3" }).filter(({ name }) => name !== "a");
  const keys = withEmptyRow(rows).map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
});

test("withheldIn() keeps what somebody adds, and says nothing of what is stored", () => {
  const rows = withheldIn(written("X-New", "mine")(rowsOf({ Authorization: "Bearer 1" })));
  assert.deepEqual(textsOf(rows), { Authorization: "…", "X-New": "mine" });
});

test("rowProblem() finds a value without a name, and the second of two of one name", () => {
  const rows = trimmed(written("X-Team ", "2")(written("", "1")(rowsOf({ "X-Team": "1" }))));
  assert.deepEqual(
    rows.map((row) => rowProblem(rows, row)),
    [undefined, "needs a name", "stands above already"],
  );
  assert.ok(!areSendable(rows));
});

test("pointerTo() says what the server says of a name", () => {
  assert.equal(pointerTo("headers", "X-~Team/1"), "/headers/X-~0Team~11");
  assert.equal(pointerTo("headers", "x".repeat(65)), `/headers/${"x".repeat(64)}`);
});
