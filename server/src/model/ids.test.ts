import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createIds } from "./ids.ts";

const ids = createIds(Uint8Array.from({ length: 16 }, (_, index) => index * 7));
const place = fc.record(
  {
    shard: fc.integer({ min: 0, max: 1023 }),
    offset: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  },
  { noNullPrototype: true },
);
const endpoint = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

test("event ids lead back to their shard and offset", () => {
  fc.assert(fc.property(place, (at) => assert.deepEqual(ids.eventPlaceOf(ids.event(at)), at)));
});

test("endpoint ids lead back to their number", () => {
  fc.assert(fc.property(endpoint, (n) => assert.equal(ids.endpointNumberOf(ids.endpoint(n)), n)));
});

test("delivery ids lead back to event and endpoint", () => {
  fc.assert(
    fc.property(place, endpoint, (at, n) => {
      assert.deepEqual(ids.deliveryPlaceOf(ids.delivery(at, n)), { ...at, endpoint: n });
    }),
  );
});

test("attempt ids lead back to event, endpoint, cursor and number", () => {
  const digits = fc.integer({ min: 0, max: 999_999_999_999_999 });
  fc.assert(
    fc.property(place, endpoint, fc.tuple(digits, digits), (at, n, [cursor, before]) => {
      const attempt = { ...at, endpoint: n, cursor, number: Math.max(1, before) };
      assert.deepEqual(ids.attemptPlaceOf(ids.attempt(attempt)), attempt);
    }),
  );
});

test("what is almost the id of an attempt is none", () => {
  const id = ids.attempt({ shard: 1, offset: 2, endpoint: 3, cursor: 4, number: 5 });
  const head = id.slice(0, -4);
  for (const wrong of [
    `${head}_04_5`,
    `${head}_4_05`,
    `${head}_4_0`,
    `${head}_4_5_6`,
    `${head}_4`,
    head,
    `x${id}`,
  ]) {
    assert.equal(ids.attemptPlaceOf(wrong), undefined, wrong);
  }
});

test("an id of one kind is not an id of another, whatever its prefix says", () => {
  const digits = ids.event({ shard: 3, offset: 12_345 }).slice(4);

  assert.equal(ids.endpointNumberOf(`ep_${digits}`), undefined);
  assert.equal(ids.eventPlaceOf(`evt_${ids.endpoint(12).slice(3)}`), undefined);
  assert.equal(ids.eventPlaceOf(digits), undefined);
});

test("neighbouring events have ids that share nothing to count by", () => {
  const first = ids.event({ shard: 0, offset: 1 }).slice(4);
  const second = ids.event({ shard: 0, offset: 2 }).slice(4);

  assert.notEqual(first.slice(0, 8), second.slice(0, 8));
});

test("ids of another installation lead nowhere near", () => {
  const others = createIds(new Uint8Array(16).fill(9));

  assert.notDeepEqual(others.eventPlaceOf(ids.event({ shard: 1, offset: 77 })), { shard: 1, offset: 77 });
});
