import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Contract, defineContract } from "@posthorn/contracts/contract";
import { standard } from "@posthorn/contracts/standard/send";
import { makeEndpoint, type Setup, setUpApp } from "./app-setup.test.ts";

const USERS: Contract = defineContract({
  ...standard,
  name: "users",
  catalogue: {
    kind: "open",
    eventTypes: [
      { name: "neu", description: "" },
      { name: 'alt"é', description: "", deprecatedFor: "neu" },
    ],
  },
});

const LIST = "/v1/tenants/acme/endpoints";

async function setup() {
  const plain = await setUpApp();
  return await setUpApp({ contracts: new Map([...plain.ports.contracts, [USERS.name, USERS]]) });
}

async function warningOf({ call }: Setup, body: object): Promise<unknown> {
  const made = await call("POST", LIST, { body: { url: "https://example.com", ...body } });
  assert.equal(made.status, 201, made.text);
  return made.headers["warning"];
}

describe("warnOfDeprecated()", () => {
  test("warnOfDeprecated() warns of a deprecated type by its name, or by a glob of such alone", async () => {
    const all = await setup();
    const bspk = { contract: "bspk" };
    const one = '299 posthorn "client.created is deprecated: use shopper.created"';
    assert.equal(await warningOf(all, { ...bspk, event_types: ["client.created", "cart.created"] }), one);
    assert.match(
      String(await warningOf(all, { ...bspk, event_types: ["client.*"] })),
      /^299 .*, 299 .*, 299 /,
    );
    for (const event_types of [["*.created"], ["shopper.*"], ["*"], ["nothing.*"], null]) {
      assert.equal(await warningOf(all, { ...bspk, event_types }), undefined, String(event_types));
    }
    assert.equal(await warningOf(all, { event_types: ["client.created"] }), undefined);
  });

  test("warnOfDeprecated() warns of a change of the subscription, and of no other", async () => {
    const all = await setup();
    const { id } = await makeEndpoint(all, "acme", { contract: "spektr" });
    const change = async (body: object) =>
      (await all.call("PATCH", `${LIST}/${id}`, { body })).headers["warning"];
    assert.equal(
      await change({ event_types: ["customer_record_update"] }),
      '299 posthorn "customer_record_update is deprecated: use customer_record_changed"',
    );
    assert.equal(await change({ description: "x" }), undefined);
  });

  test("warnOfDeprecated() says any name in characters that a header may have", async () => {
    const all = await setup();
    assert.equal(
      await warningOf(all, { contract: "users", event_types: ['alt"é'] }),
      '299 posthorn "alt%22%C3%A9 is deprecated: use neu"',
    );
  });
});
