/**
 * A backlog is a number. The whole of it is drained by `campaign.ts --backlog`; here only its beginning is,
 * because an `ordered` endpoint costs a commit for every delivery.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { backlogRun, describeBacklog, isInOrder } from "./backlog-run.ts";
import { OF_RUNS } from "./run-assertions.ts";

const RESIDENT_BYTES_MAX = 300e6;

describe("a held ordered endpoint", OF_RUNS, () => {
  test("takes a backlog of 200,000 events without the memory for them, and drains it in order", async (t) => {
    const result = await backlogRun({
      receiver: "bubblehouse",
      ordinary: 200,
      events: 200_000,
      drained: 2_000,
    });

    t.diagnostic(describeBacklog(result));
    const { duplicates, residentBytes, exitCode } = result;
    assert.ok(isInOrder(result));
    assert.equal(duplicates, 0);
    assert.equal(exitCode, 0);
    assert.ok(residentBytes === undefined || residentBytes < RESIDENT_BYTES_MAX, `${residentBytes} bytes`);
  });
});
