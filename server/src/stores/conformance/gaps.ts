import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { factsOf, sampleGap } from "./samples.ts";
import { type Open, setUp } from "./setup.ts";

/** What an endpoint was owed and was not sent. */
export function describeGaps(open: Open): void {
  describe("listGaps()", () => {
    test("has an endpoint's gaps of the reasons asked for, by their beginnings, so many", async (t) => {
      const { stores, lease } = await setUp(open, t);
      const gaps = [
        sampleGap({ from: 30, to: 40, reason: "disabled" }),
        sampleGap({ from: 10, to: 90, reason: "skipped" }),
        sampleGap({ from: 20, to: 20, reason: "cancelled" }),
        sampleGap({ from: 5, to: 6, reason: "skipped", endpoint: 2 }),
      ];
      await stores.flush(lease, factsOf({ gaps }));

      const query = { tenant: 1, endpoint: 1, reasons: ["disabled", "skipped"], limit: 10 } as const;
      assert.deepEqual(await stores.listGaps(query), [gaps[1], gaps[0]]);
      assert.deepEqual(await stores.listGaps({ ...query, limit: 1 }), [gaps[1]]);
      assert.deepEqual(await stores.listGaps({ ...query, reasons: ["expired"] }), []);
    });
  });
}
