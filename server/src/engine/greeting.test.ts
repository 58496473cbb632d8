import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Greeted, Handshake } from "@posthorn/contracts/contract";
import type { OutboundRequest, Sent } from "../outbound/sender.ts";
import { createManualClock, HANDSHAKE, routeOf } from "./engine-fixture.ts";
import { greet } from "./greeting.ts";

const ANSWER: Sent["answer"] = {
  kind: "status",
  status: 200,
  headers: {},
  body: new Uint8Array(),
  bodyState: "whole",
};

function setup(handshake: Handshake, answer = ANSWER) {
  const clock = createManualClock();
  const requests: OutboundRequest[] = [];
  let rolls = 0;
  const ports = {
    clock,
    fraction: () => (rolls += 1) / 100,
    sender: {
      async send(request: OutboundRequest) {
        requests.push(request);
        clock.pass(30);
        return { answer, phases: { endMs: 30 } };
      },
      async close() {},
    },
  };
  const route = routeOf("each", { handshake });
  return { clock, requests, route, greetNow: () => greet(route, ports) };
}

describe("greet()", () => {
  test("greet() sends what the handshake asks for, with the endpoint's deadline and headers", async () => {
    const { requests, route, greetNow } = setup(HANDSHAKE);
    const withHeaders = { ...route.endpoint.config, headers: { "x-api-key": "k", "x-greeting": "mine" } };
    Object.assign(route.endpoint, { config: withHeaders });
    await greetNow();

    const [request] = requests;
    assert.match(request?.headers["x-greeting"] ?? "", /^grt_[0-9a-f]{32}$/);
    assert.equal(request?.headers["x-api-key"], "k");
    const { method, url, timeoutMs, tenantId } = request ?? {};
    assert.deepEqual(
      { method, url, timeoutMs, tenantId },
      { method: "OPTIONS", url: "https://receiver.test/", timeoutMs: 1000, tenantId: "ten_1" },
    );
  });

  test("greet() gives every greeting another id, and the contract what was asked and answered", async () => {
    const seen: Greeted[] = [];
    const { clock, greetNow } = setup({
      ...HANDSHAKE,
      reception(greeted) {
        seen.push(greeted);
        return { kind: "refused", reason: "busy" };
      },
    });
    const startedAt = clock.now();
    const { route: _, ...outcome } = await greetNow();
    await greetNow();

    assert.deepEqual(outcome, {
      reception: { kind: "refused", reason: "busy" },
      startedAt,
      endedAt: startedAt + 30,
    });
    assert.equal(new Set(seen.map(({ greeting }) => greeting.id)).size, 2);
    const { greeting, answer, at, endpoint } = seen[0] ?? {};
    assert.deepEqual([greeting?.at, answer, at, endpoint?.id], [startedAt, ANSWER, startedAt + 30, "ep_1"]);
  });

  test("greet() sends nothing to an endpoint that needs no greeting, and takes it for accepted", async () => {
    const { requests, greetNow } = setup({ ...HANDSHAKE, request: () => undefined });

    assert.deepEqual((await greetNow()).reception, { kind: "accepted" });
    assert.deepEqual(requests, []);
  });

  test("greet() asks no contract about what failed on our own side: nothing may be sent", async () => {
    for (const kind of ["unsendable", "sender_failed"] as const) {
      const answer = { kind, code: "sender_exhausted", detail: "" };
      const { greetNow } = setup({ ...HANDSHAKE, reception: () => ({ kind: "accepted" }) }, answer);
      assert.deepEqual((await greetNow()).reception, { kind: "refused", reason: "sender_exhausted" });
    }
  });
});
