import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  type EndpointShape,
  type EventShape,
  type Installation,
  install,
  type PageShape,
  until,
} from "./installation.ts";
import { startReceiver } from "./receiver.ts";

const OPERATOR = "/v1/tenants/posthorn";
const ONE_TRY = { retry: { delays_ms: [], jitter: 0 } };

interface Told {
  readonly type: string;
  readonly data: {
    readonly endpoint_id: string;
    readonly reason: string;
    readonly event_ids?: readonly string[];
  };
}

interface HeldShape {
  readonly lane: { readonly held_since: string | null };
}

describe("a real server tells its operator", { concurrency: 1 }, () => {
  let posthorn: Installation;

  before(async () => {
    posthorn = await install();
  });
  after(async () => {
    await posthorn.close();
  });

  /** A receiver that answers as it is told, and an endpoint of a tenant that leads to it. */
  async function endpointOf(tenant: string, status: number, body: object = {}) {
    const receiver = await startReceiver();
    receiver.answer(() => ({ status }));
    const made = await posthorn.call<EndpointShape>("POST", `${tenant}/endpoints`, {
      url: `${receiver.url}/hooks`,
      ...ONE_TRY,
      ...body,
    });
    assert.equal(made.status, 201, JSON.stringify(made.json));
    const told = (): readonly Told[] => receiver.arrivals.map(({ body: text }) => JSON.parse(text));
    return { ...made.json, receiver, told, path: `${tenant}/endpoints/${made.json.id}` };
  }

  async function post(tenant: string): Promise<EventShape> {
    const posted = await posthorn.call<EventShape>("POST", `${tenant}/events`, { type: "a", data: {} });
    return posted.json;
  }

  test("of an endpoint that its receiver or a person disabled, and of a dead delivery", async (t) => {
    const operator = await endpointOf(OPERATOR, 200);
    t.after(() => operator.receiver.close());
    const tenant = await posthorn.tenant("standard");
    const gone = await endpointOf(tenant, 410);
    t.after(() => gone.receiver.close());

    await post(tenant);
    await until("the disabling is told", () => operator.told().length === 1);
    const failing = await endpointOf(tenant, 500);
    t.after(() => failing.receiver.close());
    const event = await post(tenant);
    await until("the dead delivery is told", () => operator.told().length === 2);
    await posthorn.call("POST", `${failing.path}/disable`);
    await until("the person's disabling is told", () => operator.told().length === 3);

    const told = operator.told().map(({ type, data }) => [type, data.endpoint_id, data.reason]);
    assert.deepEqual(told, [
      ["endpoint.disabled", gone.id, "status_410"],
      ["delivery.dead", failing.id, "status_500"],
      ["endpoint.disabled", failing.id, "by_request"],
    ]);
    assert.deepEqual(operator.told()[1]?.data.event_ids, [event.id]);
    await posthorn.call("DELETE", operator.path);
  });

  test("of an endpoint that is held for long, and that it recovered once it was saved", async (t) => {
    const operator = await endpointOf(OPERATOR, 200);
    t.after(() => operator.receiver.close());
    const tenant = await posthorn.tenant("standard");
    const busy = await endpointOf(tenant, 429);
    t.after(() => busy.receiver.close());
    busy.receiver.answer(() => ({ status: 429, headers: { "retry-after": "3600" } }));
    await post(tenant);
    await until("the hold is told", () => operator.told().length === 1);
    await posthorn.restart();

    busy.receiver.answer(() => ({ status: 200 }));
    await posthorn.call("PATCH", busy.path, { description: "mended" });
    const lane = async () => (await posthorn.call<HeldShape>("GET", busy.path)).json.lane;
    await until("it is held no more", async () => (await lane()).held_since === null);
    await post(tenant);
    await until("the recovery is told", () => operator.told().length === 2);

    const told = operator.told().map(({ type, data }) => [type, data.endpoint_id, data.reason]);
    assert.deepEqual(told, [
      ["endpoint.held", busy.id, "status_429"],
      ["endpoint.recovered", busy.id, undefined],
    ]);
    await posthorn.call("DELETE", operator.path);
  });

  test("and of what becomes of the telling, nothing: no event begets another", async (t) => {
    const gone = await endpointOf(OPERATOR, 410, { event_types: ["endpoint.*"] });
    const failing = await endpointOf(OPERATOR, 500);
    t.after(() => Promise.all([gone.receiver.close(), failing.receiver.close()]));
    const earlier = await posthorn.call<PageShape<EventShape>>("GET", `${OPERATOR}/events`);
    const tenant = await posthorn.tenant("standard");
    const endpoint = await endpointOf(tenant, 200);
    t.after(() => endpoint.receiver.close());

    await posthorn.call("POST", `${endpoint.path}/disable`);

    const stateOf = async (path: string) => (await posthorn.call<EndpointShape>("GET", path)).json.state;
    await until("the operator's endpoint is disabled", async () => (await stateOf(gone.path)) === "disabled");
    await until("the other's delivery is dead", () => failing.receiver.arrivals.length === 1);
    await posthorn.restart();
    const now = await posthorn.call<PageShape<EventShape>>("GET", `${OPERATOR}/events`);
    assert.equal(now.json.data.length, earlier.json.data.length + 1);
    assert.equal(failing.receiver.arrivals.length, 1);
  });
});
