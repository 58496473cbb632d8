import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Permission, permissionAnswerer } from "./permission.ts";

function setup(permission: Permission) {
  const answer = permissionAnswerer(permission);
  return (origin?: string) => {
    const headers = { "webhook-request-origin": origin, "webhook-request-rate": "600" };
    return answer({ method: "OPTIONS", url: "/hooks", headers, payload: new Uint8Array() });
  };
}

describe("permissionAnswerer()", () => {
  it("permissionAnswerer() lets every sender send at any rate unless it is told otherwise", () => {
    assert.deepEqual(setup({})("posthorn.example"), {
      status: 204,
      headers: { allow: "OPTIONS, POST", "webhook-allowed-origin": "*", "webhook-allowed-rate": "*" },
      body: "",
    });
  });

  it("permissionAnswerer() names the sender it allows as the sender did, and the rate", () => {
    const ask = setup({ allowedOrigins: ["Posthorn.example", "other"], allowedRate: 90 });
    const { status, headers } = ask("posthorn.EXAMPLE");
    assert.equal(status, 204);
    assert.equal(headers["webhook-allowed-origin"], "posthorn.EXAMPLE");
    assert.equal(headers["webhook-allowed-rate"], "90");
  });

  it("permissionAnswerer() gives no consent to other senders, nor to what asks for none", () => {
    for (const allowedOrigins of [["posthorn.example"], []]) {
      const ask = setup({ allowedOrigins, allowedRate: 90 });
      for (const [origin, status] of [
        ["example", 403],
        ["posthorn.example.evil", 403],
        [undefined, 204],
      ] as const) {
        const answer = ask(origin);
        assert.equal(answer.status, status);
        assert.deepEqual(
          Object.keys(answer.headers).filter((name) => name.startsWith("webhook-")),
          [],
        );
        assert.equal(answer.headers["allow"], "OPTIONS, POST");
      }
    }
  });

  it("permissionAnswerer() throws at a rate that is none", () => {
    for (const allowedRate of [0, -1, 1.5, Number.NaN, Infinity]) {
      assert.throws(() => permissionAnswerer({ allowedRate }), /a whole number of requests a minute from 1/);
    }
  });
});
