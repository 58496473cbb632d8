import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { EndpointState } from "../model/endpoint.ts";
import { contractOf, endpointOf, HANDSHAKE, routeOf, takenLease } from "./engine-fixture.ts";
import type { Fault } from "./fault.ts";
import { createGreeter } from "./greeter.ts";
import { createLeaseState, laneFor } from "./lease-state.ts";
import type { Routes } from "./routes.ts";

function setup({
  handshake = HANDSHAKE,
  find,
}: {
  handshake?: typeof HANDSHAKE;
  find?: Routes["find"];
} = {}) {
  const state = createLeaseState(takenLease(), 0);
  const route = routeOf("each", { handshake });
  const faults: Fault[] = [];
  const { promise: ready, resolve: onReady } = Promise.withResolvers<unknown>();
  const routes: Routes = {
    match: () => undefined,
    load: async () => {},
    tenant: () => undefined,
    find: find ?? (async () => route),
    latest: (known) => known,
    update: () => undefined,
  };
  const greeter = createGreeter(state, {
    contracts: new Map([
      ["each", contractOf("each", handshake)],
      ["plain", contractOf("each")],
    ]),
    routes,
    onReady,
    onFault(fault) {
      faults.push(fault);
      onReady(undefined);
    },
  });
  return { state, route, faults, ready, greeter };
}

function saved(state: EndpointState = "enabled") {
  return endpointOf([{ state }]);
}

describe("createGreeter()", () => {
  test("noteSaved() wakes an idle endpoint, so that it is greeted although nothing waits", async () => {
    const { state, ready, greeter } = setup();
    greeter.noteSaved(saved());

    assert.equal(await ready, state.lanes.get(1));
    assert.equal(state.lanes.get(1)?.isGreetingDue, true);
  });

  test("noteSaved() leaves endpoints alone that are not enabled, or whose contract has no handshake", () => {
    const { state, route, greeter } = setup();
    const lane = laneFor(state, route);
    lane.isGreetingDue = true;
    greeter.noteSaved(saved("paused"));
    assert.equal(lane.isGreetingDue, false);
    greeter.noteSaved({ ...saved(), contract: "plain" });
    assert.equal(lane.isGreetingDue, false);
  });

  test("noteSaved() does not greet twice what was greeted while its route was read", async () => {
    const { promise: read, resolve: answer } = Promise.withResolvers<void>();
    const { state, route, ready, greeter } = setup({
      async find() {
        await read;
        return route;
      },
    });
    greeter.noteSaved(saved());
    const lane = laneFor(state, route);
    lane.greetedChange = 1;
    answer();

    await ready;
    assert.equal(lane.isGreetingDue, false);
  });

  test("noteSaved() reports a route that cannot be read", async () => {
    const { state, faults, ready, greeter } = setup({
      async find() {
        throw new Error("the store is away");
      },
    });
    greeter.noteSaved(saved());

    await ready;
    assert.deepEqual(
      faults.map(({ what, endpoint }) => ({ what, endpoint })),
      [{ what: "read_failed", endpoint: 1 }],
    );
    assert.equal(state.lanes.size, 0);
  });
});
