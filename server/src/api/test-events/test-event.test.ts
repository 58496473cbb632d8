import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bspk } from "@posthorn/contracts/bspk/send";
import { bubblehouse } from "@posthorn/contracts/bubblehouse/send";
import { spektr } from "@posthorn/contracts/spektr/send";
import { standard } from "@posthorn/contracts/standard/send";
import { testContentOf, testTypeOf } from "./test-event.ts";

function chosen(
  { catalogue }: typeof standard,
  subscription?: readonly string[],
  registered: readonly string[] = [],
): string {
  return testTypeOf({ catalogue, subscription, registered });
}

describe("testTypeOf()", () => {
  test("chooses the first type of the catalogue that the endpoint subscribes to", () => {
    assert.equal(chosen(bspk), "shopper.created");
    assert.equal(chosen(bspk, ["metafield.*"]), "metafield.created");
    assert.equal(chosen(bspk, ["cart.created", "shopper.deleted"]), "shopper.deleted");
    assert.equal(chosen(spektr, ["step_*"]), "step_init");
    assert.equal(chosen(bubblehouse, ["Tier Reached"]), "Tier Reached");
  });

  test("chooses a deprecated type only where there is no other", () => {
    assert.equal(chosen(spektr, ["customer_status_*"]), "customer_status_changed");
    assert.equal(chosen(bspk, ["client.*"]), "client.created");
  });

  test("chooses what the tenant has registered, then what the subscription names", () => {
    const registered = ["invoice.paid", "order.paid"];
    assert.equal(chosen(standard, undefined, registered), "invoice.paid");
    assert.equal(chosen(standard, ["order.*"], registered), "order.paid");
    assert.equal(chosen(standard, ["user.*", "user.created"], registered), "user.created");
    assert.equal(chosen(bubblehouse, ["Own Thing"], registered), "Own Thing");
    assert.equal(chosen(bubblehouse, undefined, registered), "Points Updated");
  });

  test("chooses a type that the contract can send, where nothing that is known is subscribed to", () => {
    assert.equal(chosen(standard), "posthorn.test");
    assert.equal(chosen(standard, ["user.*"]), "posthorn.test");
    assert.equal(chosen(bspk, ["nothing.*"], ["nothing.real"]), "shopper.created");
  });
});

describe("testContentOf()", () => {
  const textOf = (data: Uint8Array) => Buffer.from(data).toString();

  test("gives what is given, else the tenant's example, else the catalogue's", () => {
    const { catalogue } = spektr;
    const given = Buffer.from('{"n":1.0}');
    assert.equal(testContentOf(catalogue, "step_init", { data: given, example: "{}" }).data, given);
    assert.equal(
      textOf(testContentOf(catalogue, "step_init", { data: undefined, example: "{}" }).data),
      "{}",
    );
    const { data, subject } = testContentOf(catalogue, "step_init", { data: undefined, example: undefined });
    assert.equal(JSON.parse(textOf(data)).stepType, "form");
    assert.equal(subject, "687782da2f8e4aaa7c857dda");
  });
});
