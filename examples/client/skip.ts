/**
 * Leave out what everything else waits for.
 *
 * For skip.
 */
import { deliveryOf, posthorn, receiver, tenant } from "./posthorn.ts";

await posthorn.setTestReceiver(tenant, { status: 500 });
const url = `${receiver}/:name`;
const endpoint = await posthorn.createEndpoint(tenant, { url, contract: "bubblehouse" });
const data = { customer: { shopid: "12345" }, extra_props: { BH_Points: 50 } };
const { id } = await posthorn.sendEvent(tenant, { type: "Points Updated", data });
await deliveryOf(id);
console.log((await posthorn.getEndpoint(tenant, endpoint.id)).lane.is_skippable); // → true
console.log(await posthorn.skip(tenant, endpoint.id)); // → { skipped: 1 }
