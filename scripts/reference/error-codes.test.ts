import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { OUTBOUND_CODES } from "../../server/src/outbound/error-codes.ts";
import { PROBLEMS } from "../../server/src/problem.ts";
import { rowsOf } from "../house-rules/error-codes.ts";

const PAGE = "docs/reference/error-codes.md";

describe(PAGE, () => {
  const rows = rowsOf(readFileSync(new URL(`../../${PAGE}`, import.meta.url), "utf8"));

  it("says whose fault it is when an attempt gets no answer", () => {
    for (const [code, { kind }] of Object.entries(OUTBOUND_CODES)) {
      const row = rows.find((one) => one.code === code);
      assert.equal(row?.cells[1] === "**ours**", kind === "sender_failed", code);
    }
  });

  it("says with which status the API answers", () => {
    for (const [code, { status }] of Object.entries(PROBLEMS)) {
      const statuses = rows.filter((one) => one.code === code).map(({ cells }) => cells[0]);
      assert.ok(statuses.includes(String(status)), `${code} is answered with ${status}`);
    }
  });

  it("leaves no cell empty", () => {
    for (const { code, cells } of rows) {
      assert.ok(cells.length > 0 && cells.every((cell) => cell !== ""), code);
    }
  });
});
