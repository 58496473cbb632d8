import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bspk } from "@posthorn/contracts/bspk/send";
import { checkedContract } from "../checked-contract.ts";
import type { Endpoint } from "../model/endpoint.ts";
import { createIds } from "../model/ids.ts";
import type { Store, TenantRoutes } from "../store.ts";
import { contractOf, endpointOf, eventAt, TENANT } from "./engine-fixture.ts";
import { createRoutes, isOwed } from "./routes.ts";

/** Routes over a store whose tenants can be changed, and held back on their way. */
function setup(
  endpoints: readonly Endpoint[],
  { routesMax = 100, changes = 1000, contracts = [contractOf("each"), bspk] } = {},
) {
  const stored = [...endpoints];
  let held: Promise<void> | undefined;
  let reads = 0;
  const store = {
    async readRoutes(number: number): Promise<TenantRoutes> {
      reads += 1;
      const found = stored.filter(({ tenant }) => tenant === number);
      await held;
      return { tenant: { ...TENANT, number }, endpoints: found };
    },
    readEndpoint: async (number: number) => stored.find((endpoint) => endpoint.number === number),
  } as unknown as Store;
  const ids = createIds(new Uint8Array(16));
  const opened: number[] = [];
  const unseal = (_sealed: Uint8Array, { number }: Endpoint) => {
    opened.push(number);
    return `secret of ${number}`;
  };
  const installed = new Map(contracts.map((contract) => [contract.name, contract]));
  const ports = { store, contracts: installed, ids, unseal };
  const routes = createRoutes(ports, routesMax, () => changes);
  return {
    routes,
    stored,
    /** The endpoints whose secrets were opened, once for each secret. */
    opened,
    reads: () => reads,
    hold: (until: Promise<void>) => {
      held = until;
    },
    async match(offset: number, type = "order.paid", to?: number) {
      const event = eventAt(offset, { type, to });
      if (routes.match(event) === undefined) {
        await routes.load(event.tenant);
      }
      return (routes.match(event) ?? []).map(({ endpoint }) => endpoint.number);
    },
  };
}

describe("createRoutes()", () => {
  test("match() goes by the endpoint's names and globs; an absent list is every type", async () => {
    const { match } = setup([
      endpointOf([{ eventTypes: undefined }], 1),
      endpointOf([{ eventTypes: ["order.*"] }], 2),
      endpointOf([{ eventTypes: ["order.paid"] }], 3),
      endpointOf([{ eventTypes: [] }], 4),
    ]);

    assert.deepEqual(await match(10, "order.paid"), [1, 2, 3]);
    assert.deepEqual(await match(10, "order.sent"), [1, 2]);
    assert.deepEqual(await match(10, "client.updated"), [1]);
  });

  test("match() gives routes of a contract that cannot say its limits a fault, and others none", async () => {
    const batched = { ...contractOf("batched"), batchLimits: () => JSON.parse("{") };
    const contracts = [contractOf("each"), batched, { ...batched, name: "checked" }];
    const { routes, match } = setup(
      ["each", "batched", "checked"].map((contract, index) => ({ ...endpointOf([{}], index + 1), contract })),
      { contracts: contracts.map((one) => (one.name === "checked" ? checkedContract(one) : one)) },
    );

    assert.deepEqual(await match(10), [1, 2, 3]);
    const faults = routes.match(eventAt(10))?.map(({ fault }) => fault);
    assert.deepEqual(faults, [undefined, "batch_limits_unreadable", "contract_batch_limits_threw"]);
  });

  test("a route's secrets are opened when they are first asked for, and no other's", async () => {
    const secret = {
      number: 1,
      sealed: new Uint8Array(1),
      publicKey: undefined,
      createdAt: 0,
      expiresAt: undefined,
    };
    const { routes, match, opened } = setup(
      [1, 2].map((number) => ({ ...endpointOf([{}], number), secrets: [secret] })),
    );
    assert.deepEqual(await match(10), [1, 2]);
    assert.deepEqual(opened, []);

    const [, second] = routes.match(eventAt(10)) ?? [];

    assert.equal(second?.fault, undefined);
    assert.deepEqual(
      second?.secrets.map(({ text }) => text),
      ["secret of 2"],
    );
    assert.deepEqual(opened, [2]);
  });

  test("match() leaves out what a closed catalogue does not have", async () => {
    const { match } = setup([{ ...endpointOf([{}], 1), contract: "bspk" }]);

    assert.deepEqual(await match(10, "cart.created"), [1]);
    assert.deepEqual(await match(10, "order.paid"), []);
  });

  test("match() goes by the version in force at the event's offset, remembered or not", async () => {
    const { match } = setup([
      endpointOf([
        { since: 10, eventTypes: ["a"] },
        { since: 20, eventTypes: ["b"] },
        { since: 30, state: "paused" },
      ]),
    ]);

    assert.deepEqual(await match(9, "a"), []);
    assert.deepEqual(await match(10, "a"), [1]);
    assert.deepEqual(await match(20, "a"), []);
    assert.deepEqual(await match(25, "b"), [1]);
    assert.deepEqual(await match(35, "a"), [1]);
    assert.deepEqual(await match(15, "b"), []);
  });

  test("match() gives an event for one endpoint to that one, whatever it subscribes to", async () => {
    const { match } = setup([
      endpointOf([{ eventTypes: [] }], 1),
      endpointOf([{ eventTypes: undefined }], 2),
      endpointOf([{ since: 5 }, { since: 50, state: "disabled" }, { since: 60 }], 3),
    ]);

    assert.deepEqual(await match(100, "test", 1), [1]);
    assert.deepEqual(await match(55, "test", 3), []);
    assert.deepEqual(await match(100, "test", 3), [3]);
  });

  test("match() leaves out what was abandoned since, and takes what came after", async () => {
    const { match } = setup([endpointOf([{}, { since: 20, state: "disabled" }, { since: 30 }])]);

    assert.deepEqual(await match(15), []);
    assert.deepEqual(await match(25), []);
    assert.deepEqual(await match(31), [1]);
  });

  test("match() still owes what a change ends that is not applied yet", async () => {
    const endpoint = endpointOf([{}, { since: 20, change: 7, state: "disabled" }]);
    const { match } = setup([endpoint], { changes: 6 });

    assert.deepEqual(await match(15), [1]);
    assert.deepEqual(await match(25), []);
  });

  test("update() takes over a change at once, also for types that are remembered", async () => {
    const { match, routes } = setup([endpointOf([{}])]);
    assert.deepEqual(await match(10), [1]);
    routes.update(endpointOf([{}, { since: 20, state: "disabled" }]), undefined);

    assert.deepEqual(await match(10), []);
    assert.deepEqual(await match(30), []);
  });

  test("load() reads again what a change may have overtaken while it was read", async () => {
    const { hold, match, routes, stored } = setup([endpointOf([{}])]);
    const { promise, resolve } = Promise.withResolvers<void>();
    hold(promise);
    const loading = routes.load(TENANT.number);
    const changed = endpointOf([{}, { since: 20, state: "disabled" }]);
    stored[0] = changed;
    routes.update(changed, undefined);
    resolve();
    await loading;

    assert.deepEqual(await match(10), []);
  });

  test("load() forgets the tenants loaded longest ago once there are too many routes", async () => {
    const { routes, reads } = setup(
      [1, 2, 3].map((number) => ({ ...endpointOf([{}], number), tenant: number })),
      { routesMax: 2 },
    );
    for (const tenant of [1, 2, 3]) {
      await routes.load(tenant);
    }

    assert.equal(routes.match(eventAt(10, { tenant: 1 })), undefined);
    assert.equal(routes.match(eventAt(10, { tenant: 3 }))?.length, 1);
    assert.equal(reads(), 3);
  });

  test("find() gives the route of an endpoint whose contract is not installed, with the fault", async () => {
    const { routes } = setup([{ ...endpointOf([{}], 1), contract: "gone" }]);

    assert.equal((await routes.find(1))?.fault, "contract_unknown");
    assert.equal(await routes.find(2), undefined);
  });
});

describe("isOwed()", () => {
  test("isOwed() says no up to where disabling ended everything, and yes after", async () => {
    const { routes } = setup([endpointOf([{}, { since: 20, state: "disabled" }, { since: 30 }])]);
    const route = await routes.find(1);
    assert.ok(route);

    assert.equal(isOwed(route, eventAt(10)), false);
    assert.equal(isOwed(route, eventAt(31)), true);
  });
});
