import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createBoundedCache } from "./bounded-cache.ts";

describe("createBoundedCache()", () => {
  test("drops what was not asked for the longest when there is no more room", () => {
    const cache = createBoundedCache<string, number>(10);
    cache.set("a", 1, 4);
    cache.set("b", 2, 4);
    assert.equal(cache.get("a"), 1);
    cache.set("c", 3, 4);
    assert.deepEqual([cache.get("a"), cache.get("b"), cache.get("c")], [1, undefined, 3]);
  });

  test("counts a value that is set again once, and one that is dropped not at all", () => {
    const cache = createBoundedCache<string, number>(10);
    for (const value of [1, 2, 3]) {
      cache.set("a", value, 6);
    }
    cache.set("b", 2, 4);
    assert.deepEqual([cache.get("a"), cache.get("b")], [3, 2]);
    cache.delete("a");
    cache.delete("a");
    cache.set("c", 3, 6);
    assert.deepEqual([cache.get("a"), cache.get("b"), cache.get("c")], [undefined, 2, 3]);
  });

  test("keeps the newest even where it alone is too large", () => {
    const cache = createBoundedCache<string, number>(10);
    cache.set("a", 1, 4);
    cache.set("b", 2, 11);
    assert.deepEqual([cache.get("a"), cache.get("b")], [undefined, 2]);
    cache.set("c", 3, 1);
    assert.deepEqual([cache.get("b"), cache.get("c")], [undefined, 3]);
  });
});
