/** The checker tested by hand-made logs: a flawless one, and one for each fault that differs by little. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkLogs, describeReport } from "./checker.ts";
import type { Bounds, FaultKind } from "./fault.ts";
import type { Acknowledgement, Intent, Receipt, ReceiverAnswer, ReceiverName, Vendor } from "./logs.ts";

const BOUNDS: Bounds = { drainedLives: new Set([3]), inFlightMax: { bspk: 1, standard: 2 } };

const idOf = (number: number) => `evt_${String(number).padStart(16, "0")}`;

function intent(request: number, vendor: Vendor, numbers: readonly number[]): Intent {
  const events = numbers.map((number) => ({ number, vendor, dataHash: `data ${number}` }));
  return { kind: "intent", request, events };
}

function acknowledgement(request: number, numbers: readonly number[]): Acknowledgement {
  return { kind: "acknowledged", request, ids: numbers.map(idOf) };
}

/** What a receiver was sent, and how it answered; by the process that is given, or by the first. */
function receipt(
  receiver: ReceiverName,
  numbers: readonly number[],
  { answer = "taken", life = 1 }: { answer?: ReceiverAnswer; life?: number } = {},
): Receipt {
  const idOn = { bspk: () => "", standard: idOf, spektr: spektrId, bubblehouse: bhid }[receiver];
  const events = numbers.map((number) => ({
    number,
    id: idOn(number),
    payloadHash: `payload ${number}`,
    dataHash: `data ${number}`,
  }));
  return { receiver, life, events, answer };
}

const spektrId = (number: number) => `00000000${idOf(number).slice("evt_".length)}`;
const bhid = (number: number) => String(number).padStart(16, "0");

/** Three acknowledged requests of the vendors that are owed order, events 1 to 4 and 5 to 6. */
const producer = [
  intent(0, "spektr", [1, 2]),
  acknowledgement(0, [1, 2]),
  intent(1, "spektr", [3, 4]),
  acknowledgement(1, [3, 4]),
  intent(2, "bubblehouse", [5]),
  acknowledgement(2, [5]),
  intent(3, "bubblehouse", [6]),
  acknowledgement(3, [6]),
];
const witness = [1, 2, 3, 4, 5, 6].map((number) => receipt("standard", [number]));
const vendors = [
  receipt("spektr", [1, 2]),
  receipt("spektr", [3, 4]),
  receipt("bubblehouse", [5]),
  receipt("bubblehouse", [6], { answer: "refused" }),
];

function kindsIn(receipts: readonly Receipt[], log: readonly (Intent | Acknowledgement)[] = producer) {
  return [...new Set(checkLogs({ producer: log, receipts }, BOUNDS).faults.map(({ kind }) => kind))];
}

describe("checkLogs() finds nothing in", () => {
  const flawless: Readonly<Record<string, readonly Receipt[]>> = {
    "a log without incidents": [...witness, ...vendors],
    "failures that were sent again as they were": [
      ...witness,
      receipt("spektr", [1, 2], { answer: "failed" }),
      receipt("spektr", [1, 2], { answer: "none" }),
      receipt("bubblehouse", [5], { answer: "failed" }),
      ...vendors,
    ],
    "a batch that a crash grouped anew": [
      ...witness,
      receipt("spektr", [1, 2], { answer: "failed" }),
      receipt("spektr", [1, 2, 3], { life: 2 }),
      receipt("spektr", [4], { life: 2 }),
      ...vendors.slice(2),
    ],
    "a batch that a crash split": [
      ...witness,
      receipt("spektr", [1, 2], { answer: "failed" }),
      receipt("spektr", [1], { life: 2 }),
      receipt("spektr", [2], { life: 2 }),
      ...vendors.slice(1),
    ],
    "a delivery in flight at a crash that failed many times after it": [
      ...witness,
      ...vendors,
      ...[1, 2, 3, 4].map(() => receipt("standard", [6], { life: 2, answer: "failed" })),
      receipt("standard", [6], { life: 2 }),
    ],
    "the request that was in flight at a crash, sent again": [
      ...witness,
      ...vendors,
      receipt("spektr", [3, 4], { life: 2 }),
      receipt("bubblehouse", [6], { life: 2, answer: "failed" }),
      receipt("bubblehouse", [6], { life: 2, answer: "refused" }),
      receipt("standard", [2], { life: 2 }),
      receipt("standard", [6], { life: 2 }),
    ],
    "a request in flight at two crashes": [
      ...witness,
      ...vendors,
      receipt("bubblehouse", [6], { life: 2 }),
      receipt("bubblehouse", [6], { life: 4 }),
    ],
  };
  for (const [what, receipts] of Object.entries(flawless)) {
    test(what, () => {
      assert.deepEqual(kindsIn(receipts), []);
    });
  }

  test("a request that nobody acknowledged, whether it was stored or not", () => {
    const unknown = [...producer, intent(4, "bspk", [7, 8])];

    assert.deepEqual(kindsIn([...witness, ...vendors], unknown), []);

    const stored = [
      receipt("bspk", [7]),
      receipt("bspk", [8]),
      receipt("standard", [7]),
      receipt("standard", [8]),
    ];
    const { faults, counts } = checkLogs(
      { producer: unknown, receipts: [...witness, ...vendors, ...stored] },
      BOUNDS,
    );
    assert.deepEqual(faults, []);
    assert.equal(counts.recovered, 2);
    assert.equal(counts.acknowledged, 6);
  });
});

describe("checkLogs() calls", () => {
  const [first, second, ...others] = vendors as [Receipt, Receipt, ...Receipt[]];
  const altered = { ...receipt("bspk", [7]), receiver: "bspk" as const };
  const faulty: readonly (readonly [kind: FaultKind, what: string, receipts: readonly Receipt[]])[] = [
    ["lost", "an event that no receiver had", [...witness.slice(1), second, ...others]],
    ["lost", "an event that one of two receivers had", [...witness, second, ...others]],
    ["lost", "an event that was never settled", [...witness, { ...first, answer: "failed" }]],
    [
      "lost",
      "an event whose last answer was cut",
      [...witness, first, { ...second, answer: "none" }, ...others],
    ],
    ["unexpected", "an event that was never submitted", [...witness, ...vendors, receipt("standard", [99])]],
    ["unexpected", "an event at another vendor's receiver", [...witness, ...vendors, receipt("bspk", [1])]],
    ["inverted", "a later batch that came first", [...witness, second, first, ...others]],
    [
      "inverted",
      "members of a batch in another order",
      [...witness, receipt("spektr", [2, 1]), second, ...others],
    ],
    [
      "inverted",
      "an id of Bubblehouse that goes back",
      [...witness, first, second, ...others.slice(0, 1), reId(others[1], bhid(4))],
    ],
    [
      "overtaken",
      "a later event that was sent while an earlier one was held",
      [
        ...witness,
        first,
        second,
        receipt("bubblehouse", [5], { answer: "failed" }),
        receipt("bubblehouse", [6], { life: 2 }),
        receipt("bubblehouse", [5], { life: 2 }),
      ],
    ],
    [
      "regrouped",
      "a failed batch that was sent with other members",
      [
        ...witness,
        { ...first, answer: "failed" },
        receipt("spektr", [1, 2, 3]),
        receipt("spektr", [4]),
        ...others,
      ],
    ],
    [
      "repeated",
      "a settled event sent twice by one process",
      [...witness, ...vendors, receipt("standard", [3])],
    ],
    [
      "repeated",
      "an event that stands twice in a batch",
      [...witness, receipt("spektr", [1, 2, 2]), second, ...others],
    ],
    [
      "repeated",
      "a settled event sent again after a drain",
      [
        ...witness.slice(1),
        receipt("standard", [1], { life: 3 }),
        ...vendors,
        receipt("standard", [1], { life: 4 }),
      ],
    ],
    [
      "repeated",
      "an event that was not the last one before the crash",
      [...witness, ...vendors, receipt("bubblehouse", [5], { life: 2 })],
    ],
    [
      "repeated",
      "two batches after one crash",
      [
        ...witness,
        ...vendors,
        receipt("spektr", [1, 2], { life: 2 }),
        receipt("spektr", [3, 4], { life: 2 }),
      ],
    ],
    [
      "repeated",
      "more than fits in flight after one crash",
      [...witness, ...vendors, ...[1, 2, 3].map((number) => receipt("standard", [number], { life: 2 }))],
    ],
    ["altered", "other bytes under the same number", [...witness, ...vendors, otherBytes(vendors[3], 2)]],
    ["altered", "data that is not what was submitted", [...witness, otherData(first), second, ...others]],
    [
      "unverified",
      "a request with wrong credentials",
      [...witness, ...vendors, { ...altered, events: [], answer: "failed", problem: "X-Bspk-Secret" }],
    ],
  ];
  for (const [kind, what, receipts] of faulty) {
    test(`${kind}: ${what}`, () => {
      assert.ok(kindsIn(receipts).includes(kind), `${kind} must be among ${kindsIn(receipts).join(", ")}`);
    });
  }

  test("torn: half of a request that nobody acknowledged", () => {
    const half = [receipt("bspk", [7]), receipt("standard", [7])];

    assert.deepEqual(kindsIn([...witness, ...vendors, ...half], [...producer, intent(4, "bspk", [7, 8])]), [
      "torn",
    ]);
  });

  test("stored_twice: one key, two acknowledgements with different ids", () => {
    const again = acknowledgement(3, [66]);

    assert.deepEqual(kindsIn([...witness, ...vendors], [...producer, again]), ["stored_twice"]);
  });

  test("stored_twice: one event delivered under two ids", () => {
    const twice = reId(witness[5], idOf(66));

    assert.ok(kindsIn([...witness, ...vendors, twice]).includes("stored_twice"));
  });

  test("stored_twice: an event delivered under another id than was acknowledged", () => {
    const other = reId(witness[5], idOf(66));

    assert.deepEqual(kindsIn([...witness.slice(0, 5), other, ...vendors]), ["stored_twice"]);
  });
});

describe("describeReport()", () => {
  test("counts what came again and names each fault", () => {
    const again = [...witness, ...vendors, receipt("bubblehouse", [6], { life: 2, answer: "refused" })];

    const flawless = describeReport(checkLogs({ producer, receipts: again }, BOUNDS));
    const faulty = describeReport(checkLogs({ producer, receipts: vendors }, BOUNDS), 1);

    assert.match(
      flawless,
      /6 acknowledged, 0 recovered, 11 requests received; lost 0, unexpected 0, inverted 0;/,
    );
    assert.match(flawless, /duplicates 1 \(at most at once: bspk 0, spektr 0, bubblehouse 1, standard 0\)$/);
    assert.match(faulty, /lost 6, .*\n {2}lost: event 1, not settled at standard$/);
  });
});

function reId(given: Receipt | undefined, id: string): Receipt {
  assert.ok(given !== undefined);
  return { ...given, events: given.events.map((event) => ({ ...event, id })) };
}

function otherBytes(given: Receipt | undefined, life: number): Receipt {
  assert.ok(given !== undefined);
  return { ...given, life, events: given.events.map((event) => ({ ...event, payloadHash: "other" })) };
}

function otherData(given: Receipt): Receipt {
  return { ...given, events: given.events.map((event) => ({ ...event, dataHash: "other" })) };
}
