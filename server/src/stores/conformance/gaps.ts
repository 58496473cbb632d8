import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { factsOf, sampleGap } from "./samples.ts";
import { type Open, setUp } from "./setup.ts";

/** What an endpoint was owed and was not sent. */
export function describeGaps(open: Open): void {
  describe("gaps that overlap what is read", () => {
    const [wide, one, between, beyond, early] = [
      sampleGap({ from: 10, to: 22 }),
      sampleGap({ from: 20, to: 20, reason: "cancelled" }),
      sampleGap({ from: 25, to: 25 }),
      sampleGap({ from: 35, to: 60 }),
      sampleGap({ from: 1, to: 19 }),
    ];
    const [other, otherWide] = [
      sampleGap({ from: 20, to: 20, endpoint: 2 }),
      sampleGap({ from: 30, to: 40, endpoint: 2 }),
    ];

    async function setUpGaps(...[ports, t]: Parameters<typeof setUp>) {
      const setup = await setUp(ports, t);
      const gaps = [other, beyond, one, otherWide, between, wide, early];
      await setup.stores.flush(setup.lease, factsOf({ gaps }));
      return setup;
    }

    test("readSettled() has those between two offsets, of one endpoint or of all", async (t) => {
      const { stores } = await setUpGaps(open, t);
      const read = async (endpoint?: number) => {
        const of = endpoint === undefined ? {} : { endpoint };
        return (await stores.readSettled({ lease: 0, after: 19, to: 35, ...of })).gaps;
      };

      assert.deepEqual(await read(), [wide, one, between, beyond, other, otherWide]);
      assert.deepEqual(await read(1), [wide, one, between, beyond]);
      assert.deepEqual(await read(3), []);
    });

    test("readFacts() has those of the events asked for, and none between", async (t) => {
      const { stores, tenant } = await setUpGaps(open, t);
      const query = { tenant: tenant.number, offsets: [35, 20] };
      const read = async (endpoint?: number) =>
        (await stores.readFacts(endpoint === undefined ? query : { ...query, endpoint })).gaps;

      assert.deepEqual(await read(), [wide, one, beyond, other, otherWide]);
      assert.deepEqual(await read(1), [wide, one, beyond]);
      assert.deepEqual(await read(3), []);
    });
  });

  describe("listGaps()", () => {
    test("has gaps of the reasons asked for, by their beginnings, so many of each endpoint", async (t) => {
      const { stores, lease } = await setUp(open, t);
      const gaps = [
        sampleGap({ from: 30, to: 40, reason: "disabled" }),
        sampleGap({ from: 10, to: 90, reason: "skipped" }),
        sampleGap({ from: 20, to: 20, reason: "cancelled" }),
        sampleGap({ from: 5, to: 6, reason: "skipped", endpoint: 2 }),
      ];
      await stores.flush(lease, factsOf({ gaps }));

      const query = { tenant: 1, endpoints: [1], reasons: ["disabled", "skipped"], limit: 10 } as const;
      assert.deepEqual(await stores.listGaps(query), [gaps[1], gaps[0]]);
      assert.deepEqual(await stores.listGaps({ ...query, limit: 1 }), [gaps[1]]);
      assert.deepEqual(await stores.listGaps({ ...query, reasons: ["expired"] }), []);
      assert.deepEqual(await stores.listGaps({ ...query, endpoints: [2, 3, 1], limit: 1 }), [
        gaps[3],
        gaps[1],
      ]);
    });
  });
}
