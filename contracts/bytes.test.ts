import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { joinBytes } from "./bytes.ts";

it("joinBytes() puts texts as UTF-8 and bytes untouched, in order", () => {
  const piece = fc.oneof(fc.string({ unit: "binary" }), fc.uint8Array());
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const expected = Buffer.concat(pieces.map((each) => Buffer.from(each as Uint8Array)));
      assert.deepEqual(joinBytes(pieces), expected);
    }),
  );
});
