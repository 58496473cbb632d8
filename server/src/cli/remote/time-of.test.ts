import assert from "node:assert/strict";
import { test } from "node:test";
import { timeOf } from "./time-of.ts";
import { UsageError } from "./usage-error.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");

test("timeOf() reads a time, and how long ago one was", () => {
  assert.equal(timeOf("--since", "2026-02-01T00:00:00+01:00", NOW), "2026-01-31T23:00:00.000Z");
  assert.equal(timeOf("--since", "2h", NOW), "2026-03-01T10:00:00.000Z");
  assert.equal(timeOf("--since", "3d", NOW), "2026-02-26T12:00:00.000Z");
  assert.equal(timeOf("--since", undefined, NOW), undefined);
});

test("timeOf() refuses what is neither, and names the option", () => {
  for (const given of ["", "yesterday", "2 h", "7", "2026-13-01", "-2h"]) {
    assert.throws(() => timeOf("--since", given, NOW), {
      name: "UsageError",
      message: /^--since must be a time/,
    });
  }
  assert.throws(() => timeOf("--until", "soon", NOW), UsageError);
});
