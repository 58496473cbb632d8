/**
 * Find the endpoints that need somebody.
 *
 * For listTroubledEndpoints.
 */
import { deliveryOf, posthorn, receiver, tenant } from "./posthorn.ts";

await posthorn.setTestReceiver(tenant, { status: 500 });
await posthorn.createEndpoint(tenant, { url: `${receiver}/:name`, contract: "bubblehouse" });
const data = { customer: { shopid: "12345" }, extra_props: { BH_Points: 50 } };
const { id } = await posthorn.sendEvent(tenant, { type: "Points Updated", data });
await deliveryOf(id);
for await (const { tenant: whose, lane } of posthorn.listTroubledEndpoints()) {
  if (whose === tenant) console.log(lane.waiting, lane.reason); // → 1 status_500
}
