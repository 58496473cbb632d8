import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { describe, it } from "node:test";
import { defineContract, isContract } from "./contract.ts";
import { contractFaults } from "./contract-faults.ts";
import { spektr } from "./spektr/send.ts";
import { standard } from "./standard/send.ts";

const handshake = {
  everyMs: 60_000,
  request: () => undefined,
  reception: () => ({ kind: "accepted" }),
};

/** The standard contract, greeting, with one member, named by its path, replaced or taken away. */
function setup(member: string, value?: unknown): object {
  const [first = "", ...path] = member.split(".");
  const changed = (object: object, name: string, rest: readonly string[]): object => {
    const [next, ...others] = rest;
    const inner: unknown = Reflect.get(object, name);
    return { ...object, [name]: next === undefined ? value : changed({ ...Object(inner) }, next, others) };
  };
  return changed({ ...standard, handshake }, first, path);
}

describe("defineContract()", () => {
  const wrong: readonly (readonly [string, unknown])[] = [
    ["name", "Acme"],
    ["name", "1acme"],
    ["name", "a".repeat(65)],
    ["name", 7],
    ["discipline", "sorted"],
    ["catalogue", undefined],
    ["catalogue.kind", "ajar"],
    ["catalogue.eventTypes", undefined],
    ["catalogue.eventTypes", ["order.paid"]],
    ["catalogue.eventTypes", [{ name: "a,b", description: "" }]],
    ["catalogue.eventTypes", [{ name: "a" }]],
    ["catalogue.eventTypes", [{ name: "a", description: "", deprecatedFor: 1 }]],
    [
      "catalogue.eventTypes",
      [
        { name: "a", description: "" },
        { name: "a", description: "" },
      ],
    ],
    ["defaults", undefined],
    ["defaults.timeoutMs", 0],
    ["defaults.timeoutMs", 60_001],
    ["defaults.timeoutMs", "15"],
    ["defaults.maxInFlight", 0],
    ["defaults.maxInFlight", 1.5],
    ["defaults.maxInFlight", 1_001],
    ["defaults.retry", undefined],
    ["defaults.retry.delaysMs", [1, -1]],
    ["defaults.retry.delaysMs", [Number.NaN]],
    ["defaults.retry.delaysMs", Array.from({ length: 101 }, () => 1)],
    ["defaults.retry.jitter", 1.1],
    ["defaults.hold", undefined],
    ["defaults.hold.firstMs", 0],
    ["defaults.hold.maxMs", Infinity],
    ["defaults.hold.jitter", -0.1],
    ["handshake.everyMs", 999],
    ["handshake.everyMs", Infinity],
    ["handshake.request", undefined],
    ["handshake.reception", async () => ({ kind: "accepted" })],
    ["defaults.disableAfterMs", 0],
    ["defaults.disableAfterMs", "3 days"],
    ["reservedHeaders", "x-acme"],
    ["reservedHeaders", ["X-Acme"]],
    ["settingsSchema", []],
    ["settingsSchema", "object"],
    ["request", undefined],
    ["request", async () => undefined],
    ["verdict", "delivered"],
    ["verdict", async () => undefined],
    ["makeSecret", undefined],
    ["checkEndpoint", null],
  ];
  for (const [index, [member, value]] of wrong.entries()) {
    it(`defineContract() names ${member}, wrong in way ${index}, and says what is allowed`, () => {
      const [fault, ...others] = contractFaults(setup(member, value));
      assert.match(fault ?? "", new RegExp(`^${member.replaceAll(".", "\\.")}\\S* must be .+, got .+`));
      assert.ok(
        others.every((other) => other.startsWith(member)),
        others.join(),
      );
      assert.equal(isContract(setup(member, value)), false);
    });
  }

  it("defineContract() wants batchLimits of batched contracts, and of no other", () => {
    const message = /^batchLimits must be given exactly when/;
    assert.match(contractFaults(setup("discipline", "batched"))[0] ?? "", message);
    assert.match(contractFaults(setup("batchLimits", () => undefined))[0] ?? "", message);
    assert.match(
      contractFaults({ ...spektr, batchLimits: async () => undefined })[0] ?? "",
      /async function/,
    );
  });

  it("defineContract() wants publicKeyOf and jwkOf together", () => {
    const { publicKeyOf, jwkOf, ...rest } = standard;
    const together = ["publicKeyOf and jwkOf must be given together"];
    assert.deepEqual(contractFaults({ ...rest, publicKeyOf }), together);
    assert.deepEqual(contractFaults({ ...rest, jwkOf }), together);
    assert.deepEqual(contractFaults(rest), []);
    assert.match(contractFaults({ ...rest, publicKeyOf, jwkOf: 7 })[0] ?? "", /^jwkOf must be a function/);
  });

  it("defineContract() refuses a hold that begins above its limit", () => {
    const hold = { firstMs: 2, maxMs: 1, jitter: 0 };
    assert.deepEqual(contractFaults(setup("defaults.hold", hold)), [
      "defaults.hold.maxMs must be at least defaults.hold.firstMs",
    ]);
  });

  it("defineContract() says every fault at once, under the contract's name", () => {
    const { request: _request, verdict: _verdict, ...rest } = standard;
    // @ts-expect-error -- a contract in plain JavaScript has no compiler to say so
    assert.throws(() => defineContract({ ...rest, name: "acme" }), {
      message:
        'contract "acme": request must be a function that returns its result, not a promise, got nothing; ' +
        "verdict must be a function that returns its result, not a promise, got nothing",
    });
  });

  it("defineContract() made all that a send.ts exports: it is whole and frozen", async () => {
    const files = globSync("*/send.ts", { cwd: import.meta.dirname });
    const exported: unknown[] = [];
    for (const file of files) {
      exported.push(...Object.values(await import(`./${file}`)));
    }
    assert.ok(exported.length >= files.length && files.length >= 4);
    assert.ok(exported.every((contract) => isContract(contract) && Object.isFrozen(contract)));
  });

  it("isContract() says no to what is none", () => {
    for (const value of [undefined, null, 7, "standard", [], {}, () => standard]) {
      assert.equal(isContract(value), false);
    }
  });
});
