import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Contract } from "@posthorn/contracts/contract";
import { standard } from "@posthorn/contracts/standard/send";
import { checkedContract } from "../checked-contract.ts";
import { assertProblem, setUpApp } from "./app-setup.test.ts";

const LIST = "/v1/tenants/acme/endpoints";
const BODY = { url: "https://example.com/hooks", contract: "acme" };

/** The API of an installation whose own contract does this. */
async function setup(misdone: Partial<Contract>) {
  const own = checkedContract({ ...standard, name: "acme", ...misdone });
  return await setUpApp({ contracts: new Map([standard, own].map((contract) => [contract.name, contract])) });
}

function throwCanary(): never {
  throw new Error("canary");
}

describe("an endpoint of a contract that fails", () => {
  const cases: readonly (readonly [string, Partial<Contract>])[] = [
    ["checkEndpoint", { checkEndpoint: throwCanary }],
    ["makeSecret", { makeSecret: throwCanary }],
  ];
  for (const [member, misdone] of cases) {
    test(`is not stored where ${member}() throws, which the answer names without what it threw`, async () => {
      const { call, logged } = await setup(misdone);
      const answer = await call("POST", LIST, { body: BODY });

      assertProblem(answer, "contract_failed");
      assert.equal(answer.status, 500);
      assert.match(answer.body.detail, new RegExp(`^${member}\\(\\) of the contract "acme" threw\\. `));
      assert.doesNotMatch(answer.text, /canary/);
      assert.equal(logged.filter((line) => line.startsWith("a request failed by a fault")).length, 1);
      assert.deepEqual((await call("GET", LIST)).body.data, []);
    });
  }

  test("is not stored with a header that the contract sets itself", async () => {
    const { call } = await setup({ reservedHeaders: ["x-acme-signature"] });
    const headers = { "X-Acme-Signature": "forged", "x-other": "1" };
    const answer = await call("POST", LIST, { body: { ...BODY, headers } });
    assertProblem(answer, "invalid_request", ["/headers/X-Acme-Signature"]);
  });
});
