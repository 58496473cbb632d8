import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readSources } from "./source.ts";
import { checkTexts } from "./text-rules.ts";
import { treeOf } from "./tree.ts";

function rulesBroken(path: string, text: string): readonly string[] {
  const tree = treeOf({ [path]: text });
  return checkTexts(tree, readSources(tree)).map(({ rule }) => rule);
}

describe("checkTexts() of the engine", () => {
  const taken = [
    "const at = Date.now();",
    "const at = new Date();",
    "const chance = Math.random();",
    "const at = performance.now();",
    "setTimeout(ring, 5);",
    "setInterval(ring, 5);",
    "const later = setTimeout;",
    "globalThis.setTimeout(ring, 5);",
    "const home = process.env.HOME;",
    'await fetch("http://127.0.0.1/");',
    "crypto.randomUUID();",
  ];
  for (const text of taken) {
    test(`refuses ${text}`, () => {
      assert.deepEqual([...new Set(rulesBroken("server/src/engine/lane.ts", text))], ["engine-ambient"]);
      assert.deepEqual(rulesBroken("server/src/clock.ts", text), []);
    });
  }

  test("lets the engine use what it is given", () => {
    const text = "clock.after(5, ring); const at = new Date(clock.now()); timers.setTimeout(ring);";
    assert.deepEqual(rulesBroken("server/src/engine/lane.ts", text), []);
  });
});
