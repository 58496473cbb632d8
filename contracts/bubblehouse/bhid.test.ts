import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { bhidOf } from "./bhid.ts";

const offsetMax = 2 ** 40 * 4_096 - 1;

describe("bhidOf()", () => {
  it("bhidOf() is 40 bits of time, 12 of counter, 10 of shard and two zero bits", () => {
    const parts = fc.record({
      milliseconds: fc.maxSafeNat().map((number) => number % 2 ** 40),
      counter: fc.nat(4_095),
      shard: fc.nat(1_023),
    });
    fc.assert(
      fc.property(parts, ({ milliseconds, counter, shard }) => {
        const bits = (BigInt(milliseconds) << 24n) | (BigInt(counter) << 12n) | (BigInt(shard) << 2n);
        const bhid = bhidOf({ offset: milliseconds * 4_096 + counter, shard });
        assert.equal(bhid, bits.toString(16).padStart(16, "0"));
      }),
    );
  });

  it("bhidOf() begins with the time as the vendor's ids do", () => {
    const milliseconds = Date.parse("2024-12-26T18:05:42.915Z") - Date.parse("2020-01-01T00:00:00Z");
    assert.equal(bhidOf({ offset: milliseconds * 4_096 + 1, shard: 0 }), "24a5be6c83001000");
  });

  it("bhidOf() sorts as offsets do", () => {
    const offset = fc.maxSafeNat().map((number) => number % offsetMax);
    fc.assert(
      fc.property(offset, fc.nat(4_096), fc.nat(1_023), (first, step, shard) => {
        const second = Math.min(first + step + 1, offsetMax);
        assert.ok(bhidOf({ offset: first, shard }) < bhidOf({ offset: second, shard: 1_023 - shard }));
      }),
    );
  });

  it("bhidOf() stays 16 digits long when the time wraps around", () => {
    assert.equal(bhidOf({ offset: offsetMax, shard: 1_023 }), "fffffffffffffffc");
    assert.equal(bhidOf({ offset: offsetMax + 1, shard: 0 }), "0000000000000000");
  });
});
