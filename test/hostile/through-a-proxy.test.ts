/** A whole server behind a proxy that comes and goes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startProxy } from "../../server/src/outbound/proxy-fixture.ts";
import { unusedPort } from "../../server/src/outbound/receiver-fixture.ts";
import {
  type DeliveryShape,
  type EndpointShape,
  type EventShape,
  install,
  until,
} from "../e2e/installation.ts";
import { startReceiver } from "../e2e/receiver.ts";

test("a proxy that is away holds an endpoint and costs it no retry", async (t) => {
  const receiver = await startReceiver();
  t.after(() => receiver.close());
  const env = { POSTHORN_EGRESS_PROXY: `http://127.0.0.1:${await unusedPort()}` };
  const posthorn = await install({ env });
  t.after(() => posthorn.close());
  const tenant = await posthorn.tenant("standard");
  const { json: endpoint } = await posthorn.call<EndpointShape>("POST", `${tenant}/endpoints`, {
    url: receiver.url,
    // No retry at all: one charged to the endpoint would end the delivery.
    retry: { delays_ms: [], jitter: 0 },
  });
  const { json: event } = await posthorn.call<EventShape>("POST", `${tenant}/events`, {
    type: "a",
    data: {},
  });
  const path = `${tenant}/endpoints/${endpoint.id}`;
  await until("the lane is held", async () => {
    const { json } = await posthorn.call<EndpointShape>("GET", path);
    return json.lane.reason === "proxy_unreachable";
  });

  const { proxy, asked } = await startProxy(t);
  await posthorn.restart({ env: { POSTHORN_EGRESS_PROXY: `http://127.0.0.1:${proxy.port}` } });
  await until("it is delivered", async () => {
    const { json } = await posthorn.call<{ data: DeliveryShape[] }>(
      "GET",
      `${tenant}/events/${event.id}/deliveries`,
    );
    return json.data[0]?.state === "delivered";
  });

  assert.equal(receiver.arrivals.length, 1);
  assert.equal(asked.length, 1);
});
