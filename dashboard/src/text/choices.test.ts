import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Choice, idIn, matching } from "./choices.ts";

const choice = (kind: Choice["kind"], name: string): Choice => ({
  id: name,
  kind,
  name,
  run: () => undefined,
});

describe("matching()", () => {
  const all = [choice("Screen", "Dead letters"), choice("Tenant", "Acme"), choice("Screen", "Endpoints")];
  const names = (typed: string, max = 9) => matching(all, typed, max).map(({ name }) => name);

  test("finds what has every word, whatever their order and case", () => {
    assert.deepEqual(names(""), ["Dead letters", "Acme", "Endpoints"]);
    assert.deepEqual(names(" LETT dead "), ["Dead letters"]);
    assert.deepEqual(names("screen"), ["Dead letters", "Endpoints"]);
    assert.deepEqual(names("nothing"), []);
  });

  test("gives no more than are shown", () => assert.deepEqual(names("", 2), ["Dead letters", "Acme"]));
});

describe("idIn()", () => {
  test("knows an id by its form, and nothing else", () => {
    assert.deepEqual(idIn(" evt_0123456789abcdef "), { kind: "Event", id: "evt_0123456789abcdef" });
    assert.equal(idIn("ep_0123456789abcdef")?.kind, "Endpoint");
    assert.equal(idIn(`att_${"0".repeat(32)}_0_12`)?.kind, "Attempt");
    assert.equal(idIn("evt_xyz"), undefined);
    assert.equal(idIn("invoice.paid"), undefined);
  });
});
