import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { StoredEvent } from "../model/event.ts";
import { createPayloads } from "./payloads.ts";

const OVERHEAD_BYTES = 300;

function eventAt(offset: number, bytes: number): StoredEvent {
  return {
    offset,
    tenant: 1,
    type: "order.paid",
    subject: undefined,
    occurredAt: 0,
    data: new Uint8Array(bytes),
    expiresAt: undefined,
    to: undefined,
    extensions: undefined,
  };
}

describe("createPayloads()", () => {
  test("put() forgets the oldest events once the bytes are over the limit", () => {
    const payloads = createPayloads(2 * (100 + OVERHEAD_BYTES));
    [1, 2, 3].forEach((offset) => payloads.put(eventAt(offset, 100)));

    assert.equal(payloads.get(1), undefined);
    assert.equal(payloads.get(2)?.offset, 2);
    assert.equal(payloads.get(3)?.offset, 3);
  });

  test("put() keeps an event that is larger than the limit, alone", () => {
    const payloads = createPayloads(1000);
    payloads.put(eventAt(1, 10));
    payloads.put(eventAt(2, 5000));

    assert.equal(payloads.get(1), undefined);
    assert.equal(payloads.get(2)?.data.length, 5000);
  });

  test("put() of an event that is there already counts it once", () => {
    const payloads = createPayloads(2 * (100 + OVERHEAD_BYTES));
    payloads.put(eventAt(1, 100));
    for (let count = 0; count < 10; count += 1) {
      payloads.put(eventAt(2, 100));
    }

    assert.equal(payloads.get(1)?.offset, 1);
  });

  test("put() takes no longer for everything that was forgotten before", { timeout: 120_000 }, () => {
    const payloads = createPayloads(80_000 * (1 + OVERHEAD_BYTES));
    const last = 400_000;
    for (let offset = 1; offset <= last; offset += 1) {
      payloads.put(eventAt(offset, 1));
    }

    assert.equal(payloads.get(last - 80_000), undefined);
    assert.equal(payloads.get(last - 79_999)?.offset, last - 79_999);
  });
});
