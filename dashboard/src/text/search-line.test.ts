import assert from "node:assert/strict";
import { test } from "node:test";
import { soughtBy, withAliases } from "./search-line.ts";
import { tokensIn } from "./tokens.ts";

const NOW = Date.parse("2026-03-04T12:00:00Z");
const sought = (line: string) => soughtBy(tokensIn(line, withAliases(["type", "since", "until"])), NOW);

test("soughtBy() takes after and before for since and until, and times ago for the moments they are", () => {
  assert.deepEqual(sought("invoice.paid after:2h before:90m"), {
    type: "invoice.paid",
    since: "2026-03-04T10:00:00.000Z",
    until: "2026-03-04T10:30:00.000Z",
  });
  assert.deepEqual(sought("since:3d"), { since: "2026-03-01T12:00:00.000Z" });
  assert.deepEqual(sought("since:2026-03-01T00:00:00Z type:2h"), {
    since: "2026-03-01T00:00:00Z",
    type: "2h",
  });
  assert.deepEqual(sought("until:2w"), { until: "2w" });
});

test("withAliases() has other words only for names that there are", () => {
  assert.deepEqual(withAliases(["type"]), ["type"]);
  assert.deepEqual(withAliases(["since"]), ["since", "after"]);
});
