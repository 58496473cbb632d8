/** What is there when a request is let in may be gone when it acts: that is no fault of ours. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { EndpointChange } from "../registry.ts";
import { ADMIN_KEY, type Answer, START } from "./app-setup.test.ts";
import { isOfFace, isOfTenant, pathOf, send, twoTenants } from "./every-route-setup.test.ts";

type Setup = Awaited<ReturnType<typeof twoTenants>>;

/** Deletes a tenant in the moment after a request has found it. */
function deleteOnceFound({ store }: Setup): void {
  const { findTenant, tenantByNumber } = store;
  store.findTenant = async (id) => {
    const tenant = await findTenant(id);
    await store.deleteTenant(tenant?.number ?? 0, START);
    return tenant;
  };
  store.tenantByNumber = async (number) => {
    const tenant = await tenantByNumber(number);
    await store.deleteTenant(number, START);
    return tenant;
  };
}

/** Deletes an endpoint in the moment after a request has found it. */
function deleteEndpointOnceFound({ store }: Setup): void {
  const { findEndpoint } = store;
  store.findEndpoint = async (tenant, endpoint) => {
    const found = await findEndpoint(tenant, endpoint);
    await store.updateEndpoint({ tenant, endpoint, state: "deleted", now: START });
    return found;
  };
}

function assertNoFault({ status, text }: Answer, name: string): void {
  assert.ok(status < 500, `${name} answers ${status}: ${text}`);
}

describe("every route", () => {
  test("answers no fault of ours for a tenant that is deleted meanwhile", async () => {
    const { routes } = await twoTenants();
    for (const route of routes.filter((each) => isOfTenant(each) || isOfFace(each))) {
      const all = await twoTenants();
      deleteOnceFound(all);
      const key = isOfFace(route) ? all.acme.key : ADMIN_KEY;

      const answer = await send(all, route, { path: pathOf(route, all.acme.parameters), key });

      assertNoFault(answer, `${route.method} ${route.path}`);
    }
  });

  test("creates nothing for a tenant that is deleted meanwhile, and says so", async () => {
    for (const resource of ["keys", "endpoints", "events", "event-types"]) {
      const all = await twoTenants();
      const before = await all.store.readHead(0);
      deleteOnceFound(all);
      const path = `/v1/tenants/acme/${resource}`;
      const route = all.routes.find(
        ({ method, path: of }) => method === "POST" && of.endsWith(`/${resource}`),
      );
      assert.ok(route);

      const answer = await send(all, route, { path, key: ADMIN_KEY });

      assert.equal(answer.status, 404, answer.text);
      // Of its own, the deletion changed the one endpoint.
      assert.equal((await all.store.readHead(0)).changes, before.changes + 1);
      assert.deepEqual(await all.store.listKeys(1), []);
    }
  });

  test("answers no fault of ours for an endpoint that is deleted meanwhile", async () => {
    const { routes } = await twoTenants();
    for (const route of routes.filter(({ path }) => /:endpoint|webhook_endpoints\/:id/.test(path))) {
      const all = await twoTenants();
      deleteEndpointOnceFound(all);

      const answer = await send(all, route, {
        path: pathOf(route, all.acme.parameters),
        key: all.acme.key,
      });

      assertNoFault(answer, `${route.method} ${route.path}`);
      if (route.method === "PATCH" || route.path.endsWith("/pause")) {
        assert.equal(answer.status, 404, `${route.method} ${route.path}`);
      }
    }
  });
});

/** Lets another change come in the moment after a request has found its endpoint. */
function changeOnceFound({ store }: Setup, change: Partial<EndpointChange>): void {
  const { findEndpoint } = store;
  store.findEndpoint = async (tenant, endpoint) => {
    const found = await findEndpoint(tenant, endpoint);
    store.findEndpoint = findEndpoint;
    await store.updateEndpoint({ ...change, tenant, endpoint, now: START });
    return found;
  };
}

describe("two changes of an endpoint at once", () => {
  test("do not undo one another: a PATCH keeps what another has set since it looked", async () => {
    const all = await twoTenants();
    const path = `/v1/tenants/acme/endpoints/${all.acme.parameters["endpoint"]}`;
    const acme = await all.store.findTenant("acme");
    const known = await all.store.findEndpoint(acme?.number ?? 0, 1);
    assert.ok(known);
    changeOnceFound(all, { config: { ...known.config, metadata: { team: "two" } } });

    await all.call("PATCH", path, { body: { description: "one" } });

    const { body } = await all.call("GET", path);
    assert.deepEqual([body.description, body.metadata], ["one", { team: "two" }]);
  });

  test("a pause does not bring back what is disabled meanwhile", async () => {
    const all = await twoTenants();
    const path = `/v1/tenants/acme/endpoints/${all.acme.parameters["endpoint"]}`;
    changeOnceFound(all, { state: "disabled" });

    const answer = await all.call("POST", `${path}/pause`);

    assert.deepEqual([answer.status, answer.body.code], [409, "endpoint_disabled"]);
    assert.equal((await all.call("GET", path)).body.state, "disabled");
  });
});
