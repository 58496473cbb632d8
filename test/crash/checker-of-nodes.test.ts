/** What the checker makes of several nodes: of one that stood still, and of what is stored late. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkLogs } from "./checker.ts";
import type { Bounds } from "./fault.ts";
import type { ProducerEntry, Receipt, ReceiverName } from "./logs.ts";

const NONE: Bounds = { drainedLives: new Set(), inFlightMax: { standard: 1 } };

/** Three events of one stream; the answer to the second was never read. */
const producer: readonly ProducerEntry[] = [
  ...[1, 2, 3].flatMap((number): readonly ProducerEntry[] => [
    { kind: "intent", request: number, events: [{ number, vendor: "bubblehouse", dataHash: "data" }] },
    ...(number === 2 ? [] : [{ kind: "acknowledged" as const, request: number, ids: [`evt_${number}`] }]),
  ]),
];

function receipt(receiver: ReceiverName, number: number, { life = 1, place = number } = {}): Receipt {
  const id = receiver === "standard" ? `evt_${number}` : String(place);
  return { receiver, life, events: [{ number, id, payloadHash: "", dataHash: "data" }], answer: "taken" };
}

const witness = [1, 2, 3].map((number) => receipt("standard", number));

function kindsIn(receipts: readonly Receipt[], bounds: Partial<Bounds>): readonly string[] {
  const { faults } = checkLogs({ producer, receipts }, { ...NONE, ...bounds });
  return faults.map(({ kind }) => kind);
}

describe("checkLogs() of nodes", () => {
  const late = [
    ...witness,
    receipt("bubblehouse", 1, { place: 1 }),
    receipt("bubblehouse", 3, { place: 2 }),
    receipt("bubblehouse", 2, { place: 3 }),
  ];

  test("lets an event be stored late whose request had no answer, and only where that may be", () => {
    assert.deepEqual(kindsIn(late, { mayStoreLate: true }), []);
    assert.deepEqual(kindsIn(late, {}), ["inverted"]);
  });

  test("lets no acknowledged event be stored late, and none arrive against the order of the log", () => {
    const first = receipt("bubblehouse", 1, { place: 1 });
    const second = receipt("bubblehouse", 2, { place: 2 });
    const third = receipt("bubblehouse", 3, { place: 3 });

    assert.deepEqual(kindsIn([...witness, third, first, second], { mayStoreLate: true }), [
      "inverted",
      "inverted",
    ]);
    assert.deepEqual(kindsIn([...witness, first, third, second], { mayStoreLate: true }), ["inverted"]);
  });

  const inOrder = [1, 2, 3].map((number) => receipt("bubblehouse", number, { life: 2 }));

  test("lets one request of a node that stood still arrive after the next owner's", () => {
    const stale = receipt("bubblehouse", 2, { life: 1 });
    const receipts = [...witness, ...inOrder, stale];
    const stoodStill = new Map([[1, receipts.length - 1]]);

    assert.deepEqual(kindsIn(receipts, { stoodStill }), []);
    assert.deepEqual(kindsIn(receipts, {}), ["repeated"]);
    assert.deepEqual(kindsIn([...receipts, stale], { stoodStill }), ["repeated"]);
  });

  test("does not take what a node that stood still delivered late as settled", () => {
    const receipts = [...witness, ...inOrder.slice(0, 2), receipt("bubblehouse", 3, { life: 1 })];

    assert.deepEqual(kindsIn(receipts, { stoodStill: new Map([[1, receipts.length - 1]]) }), ["lost"]);
  });
});
