import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { specialKinds } from "./special-kinds.ts";

describe("specialKinds()", () => {
  test("says what a network holds that is not public, also in its middle", () => {
    assert.deepEqual(specialKinds("10.0.0.0/8"), ["a private address"]);
    assert.deepEqual(specialKinds("127.0.0.9/32"), ["a loopback address"]);
    assert.deepEqual(specialKinds("169.254.169.254/32"), ["a cloud metadata address"]);
    assert.deepEqual(specialKinds("128.0.0.0/1"), ["a private address", "a link-local address"]);
    assert.ok(specialKinds("::/0").includes("a loopback address"));
    assert.ok(specialKinds("0.0.0.0/0").includes("a loopback address"));
  });

  test("says nothing of a network that is public", () => {
    assert.deepEqual(specialKinds("93.184.216.0/24"), []);
    assert.deepEqual(specialKinds("2600::/16"), []);
  });

  test("refuses what is no CIDR", () => {
    assert.throws(() => specialKinds("10.0.0.1/8"), /no bits beyond its prefix/);
  });
});
