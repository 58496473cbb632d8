import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { InspectedServer } from "../../stores/inspection.ts";
import { serverFindings } from "./server.ts";

const WELL: InspectedServer = {
  version: "17.2",
  databaseBytes: 9_000_000,
  connections: 14,
  connectionsMax: 97,
  oldestTransactionMs: 2000,
  forbidden: "",
};

const found = (change: Partial<InspectedServer>) => serverFindings({ ...WELL, ...change });

describe("serverFindings()", () => {
  test("says which server it is, how large the database is and how many are connected", () => {
    const [state, ...others] = found({});
    assert.deepEqual(others, []);
    assert.equal(state?.status, "ok");
    assert.equal(
      state?.says,
      "PostgreSQL 17.2 has 9 MB in this database, and 14 of 97 connections are taken",
    );
  });

  test("warns where a node would not get its connections", () => {
    assert.equal(found({ connections: 85 })[0]?.status, "ok");
    assert.equal(found({ connections: 86 })[0]?.status, "warning");
  });

  test("names what the user may not write, as a problem", () => {
    const [, forbidden] = found({ forbidden: "event, the schema public" });
    assert.equal(forbidden?.status, "problem");
    assert.equal(forbidden?.says, "this user may not write or change event, the schema public");
  });

  test("warns of a transaction that has been open for long", () => {
    assert.equal(found({ oldestTransactionMs: 300_000 }).length, 1);
    const [, open] = found({ oldestTransactionMs: 3_600_000 });
    assert.equal(open?.status, "warning");
    assert.match(open?.says ?? "", /^a transaction has been open for 60 minutes/);
  });
});
