import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isSubscribed, matchesGlob } from "./subscription.ts";

test("isSubscribed() takes an absent list as every type and an empty one as none", () => {
  assert.equal(isSubscribed(undefined, "client.updated"), true);
  assert.equal(isSubscribed([], "client.updated"), false);
});

test("matchesGlob() takes stars as any text, everything else literally", () => {
  assert.equal(matchesGlob("client.*", "client.updated"), true);
  assert.equal(matchesGlob("client.*", "shopper.updated"), false);
  assert.equal(matchesGlob("*.created", "cart.created"), true);
  assert.equal(matchesGlob("a*a", "a"), false);
  assert.equal(matchesGlob("*a*b*", "xxaxxb"), true);
  assert.equal(matchesGlob("*a*b", "b-a"), false);
  assert.equal(matchesGlob("Points.Updated", "Points Updated"), false);
});

test("matchesGlob() agrees with the regular expression of the same glob", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "."), maxLength: 8 });
  const glob = fc.string({ unit: fc.constantFrom("a", "b", ".", "*"), maxLength: 6 });
  fc.assert(
    fc.property(glob, text, (pattern, type) => {
      const expression = new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`);
      assert.equal(matchesGlob(pattern, type), expression.test(type));
    }),
  );
});
