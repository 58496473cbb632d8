import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { mixed } from "./power-cut.ts";

const SECTOR_BYTES = 512;

function sectors(...letters: readonly string[]): Buffer {
  return Buffer.concat(letters.map((letter) => Buffer.alloc(SECTOR_BYTES, letter)));
}

/** Says yes or no in this order. */
function answering(...answers: readonly boolean[]): () => boolean {
  const left = [...answers];
  return () => left.shift() ?? assert.fail("nothing more is asked");
}

describe("mixed()", () => {
  test("mixed() keeps of what was not synced only the sectors it is told to", () => {
    const written = sectors("a", "b", "c");
    const synced = sectors("a", "x", "y");
    assert.deepEqual(mixed({ written, synced, keeps: answering(false, true) }), sectors("a", "x", "c"));
  });

  test("mixed() gives a file that grew its old size or its new one, empty where a sector is lost", () => {
    const written = sectors("a", "b", "c");
    const synced = sectors("a");
    assert.deepEqual(mixed({ written, synced, keeps: answering(false) }), synced);
    const grown = mixed({ written, synced, keeps: answering(true, false, true) });
    assert.deepEqual(grown, sectors("a", "\0", "c"));
  });

  test("mixed() gives a file that was cut either its old content back, or none of it", () => {
    const synced = sectors("a", "b");
    assert.deepEqual(mixed({ written: sectors("a"), synced, keeps: answering(false) }), synced);
    assert.deepEqual(mixed({ written: sectors("a"), synced, keeps: answering(true) }), sectors("a"));
  });
});
