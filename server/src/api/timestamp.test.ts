import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseTimestamp, timestampOf } from "./timestamp.ts";

test("parseTimestamp() reads back what timestampOf() writes", () => {
  const time = fc.integer({ min: 0, max: Date.parse("9999-12-31T23:59:59.999Z") });
  fc.assert(fc.property(time, (at) => assert.equal(parseTimestamp(timestampOf(at)), at)));
});

test("parseTimestamp() takes any zone and up to nine digits of a second", () => {
  assert.equal(parseTimestamp("2018-07-21T17:32:28Z"), 1532194348000);
  assert.equal(parseTimestamp("2018-07-21T19:32:28.123456789+02:00"), 1532194348123);
  assert.equal(parseTimestamp("1970-01-01T00:00:00-23:59"), 86_340_000);
});

test("parseTimestamp() refuses days that are not, times without a zone, years beyond 1970 to 9999", () => {
  const wrong = [
    "2024-02-30T00:00:00Z",
    "2023-02-29T00:00:00Z",
    "2024-13-01T00:00:00Z",
    "2024-00-10T00:00:00Z",
  ];
  wrong.push("2024-01-00T00:00:00Z", "2024-06-31T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T23:59:60Z");
  wrong.push(
    "2024-01-01T00:00:00",
    "2024-01-01",
    "2024-01-01 00:00:00Z",
    "2024-01-01T00:00:00z",
    "20240101T000000Z",
  );
  wrong.push(
    "2024-01-01T00:00:00+24:00",
    "2024-01-01T00:00:00+01:60",
    "2024-01-01T00:00:00.Z",
    "1704067200",
    "",
  );
  wrong.push("1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "now");
  wrong.push("+012024-01-01T00:00:00Z", "2024-01-01T00:00:00.1234567890Z", "２０２４-01-01T00:00:00Z");
  for (const text of wrong) {
    assert.equal(parseTimestamp(text), undefined, text);
  }
  assert.notEqual(parseTimestamp("2024-02-29T00:00:00Z"), undefined);
});
