import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { jwtVerify } from "jose";
import type { ContractRequest, Greeting } from "../contract.ts";
import { requestText, sampleAnswer, sampleAttempt, sampleEndpoint } from "../samples.ts";
import { hello } from "./hello.ts";
import { receiveBubblehouse } from "./receive.ts";

const key = Buffer.alloc(32, 0xfb);
const secret = key.toString("base64");
const greeting: Greeting = { id: "grt_00112233445566778899aabbccddeeff", at: sampleAttempt().at };
const magic = "00112233445566778899aabbccddeeff";

function setup(settings: Record<string, unknown> = {}) {
  const endpoint = sampleEndpoint({ url: "https://shop.example/bh/:name", secrets: [secret], settings });
  const asked = (made = greeting): ContractRequest => {
    const request = hello.request(endpoint, made);
    assert.ok(request);
    return request;
  };
  const answered = (status: number, body: unknown = "") =>
    hello.reception({
      endpoint,
      greeting,
      answer: sampleAnswer(status, { body: typeof body === "string" ? body : JSON.stringify(body) }),
      at: greeting.at + 40,
    });
  return { endpoint, asked, answered };
}

describe("hello.request()", () => {
  it("hello.request() is byte for byte what it was", (t) => {
    const golden = fileURLToPath(import.meta.resolve("./golden/hello.http"));
    t.assert.fileSnapshot(requestText(setup({ key_id: "k1" }).asked()), golden, { serializers: [String] });
  });

  it("hello.request() has a token of its own, which the secret signed", async () => {
    const { Authorization = "", "X-Request-ID": requestId } = setup().asked().headers;
    const { payload } = await jwtVerify(Authorization.replace("Bearer ", ""), key, {
      currentDate: new Date(greeting.at),
      audience: "BH",
    });
    assert.equal(payload.jti, requestId);
  });

  it("hello.request() sends another magic with every greeting", () => {
    const { asked } = setup();
    const other = asked({ ...greeting, id: "grt_ffeeddccbbaa99887766554433221100" });
    assert.deepEqual(JSON.parse(Buffer.from(asked().payload).toString()), { magic });
    assert.notDeepEqual(other.payload, asked().payload);
    assert.notEqual(other.headers["X-Request-ID"], asked().headers["X-Request-ID"]);
  });

  it("hello.request() asks nothing where the setting says so", () => {
    const { endpoint } = setup({ handshake: false });
    assert.equal(hello.request(endpoint, greeting), undefined);
  });
});

describe("hello.reception()", () => {
  it("hello.reception() accepts the magic with SendEvent1 among the hooks", () => {
    const { answered } = setup();
    for (const hooks of [["SendEvent1"], ["CreateDiscount4", "SendEvent1", 7]]) {
      assert.deepEqual(answered(200, { magic, hooks }), { kind: "accepted" });
    }
  });

  it("hello.reception() refuses, with a reason, whatever is no such answer", () => {
    const { answered } = setup();
    const hooks = ["SendEvent1"];
    const reasons = {
      magic_missing: [answered(200, {}), answered(200, { hooks }), answered(200, { outcome: "sent" })],
      magic_mismatch: [
        answered(200, { magic: magic.toUpperCase(), hooks }),
        answered(200, { magic: "", hooks }),
        answered(200, { magic: null, hooks }),
      ],
      hooks_missing: [answered(200, { magic }), answered(200, { magic, hooks: "SendEvent1" })],
      hook_not_wanted: [
        answered(200, { magic, hooks: [] }),
        answered(200, { magic, hooks: ["SendEvent2", "sendevent1"] }),
      ],
      body_not_json: [answered(200, "hello")],
      status_404: [answered(404)],
      status_204: [answered(204)],
    };
    for (const [reason, receptions] of Object.entries(reasons)) {
      for (const reception of receptions) {
        assert.deepEqual(reception, { kind: "refused", reason });
      }
    }
  });

  it("hello.reception() accepts what the receiving half answers", async () => {
    const { asked, answered } = setup();
    const { url, headers, payload } = asked();
    const half = receiveBubblehouse({ secrets: [secret], now: () => greeting.at });
    const lower = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const received = { method: "POST", url, headers: lower, payload };
    assert.deepEqual(await half.verify(received), { kind: "ok" });
    const parsed = half.parse(received);
    assert.ok(parsed.kind === "answered");
    assert.deepEqual(answered(parsed.answer.status, parsed.answer.body), { kind: "accepted" });
  });
});
