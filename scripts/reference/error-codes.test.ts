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

  it("says once with which status and title the API answers", () => {
    for (const [code, { status, title }] of Object.entries(PROBLEMS)) {
      const said = rows.filter((one) => one.code === code && /^\d{3}$/.test(one.cells[0] ?? ""));
      assert.deepEqual(
        said.map(({ cells }) => cells.slice(0, 2)),
        [[String(status), title]],
        code,
      );
    }
  });

  it("leaves no cell empty", () => {
    for (const { code, cells } of rows) {
      assert.ok(cells.length > 0 && cells.every((cell) => cell !== ""), code);
    }
  });
});
