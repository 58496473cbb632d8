import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { type BubblehouseReceiving, receiveBubblehouse } from "./receive.ts";

const secret = Buffer.alloc(32, 7).toString("base64");
const sample = readFileSync(new URL("fixtures/SendEvent1.points_updated.json", import.meta.url), "utf8");

function setup(input: unknown, given: { url?: string; options?: Partial<BubblehouseReceiving> } = {}) {
  const { url = "/bh/SendEvent1", options = {} } = given;
  const half = receiveBubblehouse({ secrets: [secret], ...options });
  const payload = Buffer.from(typeof input === "string" ? input : JSON.stringify(input));
  const request = { method: "POST", url, headers: {}, payload };
  const parsed = half.parse(request);
  const [event] = parsed.kind === "events" ? parsed.events : [];
  return { half, request, event, answer: parsed.kind === "answered" ? parsed.answer : undefined };
}

const input = (members: object = {}) => ({ bhid: "1", time: "", name: "Birthday", customer: {}, ...members });

describe("receiveBubblehouse()", () => {
  it("parse() gives the vendor's sample as it is, typed", () => {
    const { event } = setup(sample);
    const { bhid, time, name, ...data } = JSON.parse(sample);
    assert.deepEqual(event, { id: bhid, type: name, name, occurredAt: new Date(time), data });
    assert.ok(event.type === "Points Updated");
    assert.equal(event.data.customer_props?.BH_Points_Balance, 500);
  });

  it("parse() gives both names of an achievement as one type, and keeps the name", () => {
    const { event } = setup(input({ name: "Asset Unlocked" }));
    assert.deepEqual([event?.type, event?.name], ["Achievement Unlocked", "Asset Unlocked"]);
  });

  it("parse() gives an update of a profile as that, whatever its name", () => {
    assert.equal(setup(input({ customer_only: true })).event?.type, "customer_only");
    assert.equal(setup(input({ customer_only: false })).event?.type, "Birthday");
    assert.equal(setup(input({ name: "customer_only" })).event?.type, "unknown");
  });

  it("parse() takes an event of another name, of a customer with a bhid only, and without a time", () => {
    const { event } = setup(
      input({ name: "Moon Phase", time: "0001-01-01T00:00:00Z", customer: { bhid: "2" } }),
    );
    assert.deepEqual([event?.type, event?.name, event?.occurredAt], ["unknown", "Moon Phase", undefined]);
  });

  it("parse() answers invalid_data with 200 to what is no event: an error would hold the queue", () => {
    const wrong = [
      "{",
      "null",
      input({ bhid: "" }),
      input({ bhid: 7 }),
      input({ name: null }),
      input({ customer: null }),
      input({ customer: [] }),
    ];
    for (const each of wrong) {
      const { answer } = setup(each);
      assert.deepEqual(
        [answer?.status, answer?.body],
        [200, '{"outcome":"invalid_data"}'],
        JSON.stringify(each),
      );
    }
  });

  it("parse() answers Hello1 with its magic and the hooks that are wanted", () => {
    const { answer } = setup({ magic: 'a"b' }, { url: "https://shop.example/bh/Hello1?x=/y" });
    assert.equal(answer?.status, 200);
    assert.deepEqual(JSON.parse(answer.body), { magic: 'a"b', hooks: ["SendEvent1"] });
    assert.equal(setup({}, { url: "/bh/Hello1" }).answer?.status, 404);
  });

  it("parse() answers Hello1 with hooks that the user answers elsewhere, too", () => {
    const options = { otherHooks: ["CreateDiscount4"] };
    const { answer } = setup({ magic: "m" }, { url: "/bh/Hello1", options });
    assert.deepEqual(JSON.parse(answer?.body ?? ""), {
      magic: "m",
      hooks: ["SendEvent1", "CreateDiscount4"],
    });
  });

  it("parse() answers 404 to every other hook", () => {
    for (const url of ["/bh/Hello2", "/bh/CreateDiscount4", "/bh/sendevent1", "/bh/SendEvent1/", "/", ""]) {
      assert.equal(setup(input(), { url }).answer?.status, 404, url);
    }
  });

  it("parse() finds the hook where the user says it is", () => {
    const options = {
      hookOf: (url: string) => new URL(url, "https://any.example").searchParams.get("hook") ?? "",
    };
    assert.equal(setup(input(), { url: "/bh?hook=SendEvent1", options }).event?.type, "Birthday");
  });

  it("keyOf() is the bhid of the event", async () => {
    const { half, event, request } = setup(sample);
    assert.ok(event);
    assert.equal(await half.keyOf(event, request), "bubblehouse:24a5be6c83010001");
  });

  it("answer() says the outcome, always with 200", () => {
    const { half } = setup(sample);
    for (const outcome of ["sent", "skipped", "invalid_data", "unsubscribed", "failure"] as const) {
      const { status, body } = half.answer([outcome]);
      assert.deepEqual([status, JSON.parse(body)], [200, { outcome }]);
    }
  });
});
