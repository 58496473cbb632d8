import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ContractEndpoint } from "@posthorn/contracts/contract";
import { LIVE } from "../model/delivery.ts";
import { createIds } from "../model/ids.ts";
import type { Sender } from "../outbound/sender.ts";
import { attempt } from "./attempt.ts";
import { contractOf, createManualClock, eventAt, routeOf } from "./engine-fixture.ts";
import type { OpenedSecret, Route } from "./routes.ts";

/** An attempt whose contract tells what it was given. */
function setup(secretsAt: (now: number) => readonly OpenedSecret[]) {
  const clock = createManualClock();
  const seen: ContractEndpoint[] = [];
  const contract = contractOf("each");
  const route: Route = {
    ...routeOf("each"),
    contract: {
      ...contract,
      request(endpoint, events, { id, number, at }) {
        seen.push(endpoint);
        return contract.request(endpoint, events, { id, number, at });
      },
    },
    secrets: secretsAt(clock.now()),
  };
  const answer = {
    kind: "status",
    status: 200,
    headers: {},
    body: new Uint8Array(),
    bodyState: "whole",
  } as const;
  const sender: Sender = {
    send: async () => ({ answer, phases: { endMs: 1 } }),
    close: async () => {},
  };
  const ports = { clock, sender, ids: createIds(new Uint8Array(16)), digest: (bytes: Uint8Array) => bytes };
  const item = { offsets: [10], requests: 0, used: 0, cursor: LIVE, retry: undefined };
  return {
    clock,
    async secretsNow() {
      await attempt(route, { item, events: [eventAt(10)] }, ports);
      return seen.at(-1)?.secrets;
    },
  };
}

describe("attempt()", () => {
  test("attempt() gives the contract the secrets that live now, however old the route is", async () => {
    const { clock, secretsNow } = setup((now) => [
      { text: "new", expiresAt: undefined },
      { text: "old", expiresAt: now + 1000 },
      { text: "older", expiresAt: now },
    ]);
    assert.deepEqual(await secretsNow(), ["new", "old"]);
    clock.pass(999);
    assert.deepEqual(await secretsNow(), ["new", "old"]);
    clock.pass(1);
    assert.deepEqual(await secretsNow(), ["new"]);
  });
});
