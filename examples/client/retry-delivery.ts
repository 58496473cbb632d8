/**
 * The receiver is well again: try now.
 *
 * For getDelivery, retryDelivery.
 */
import { deliveryOf, posthorn, receiver, tenant, until } from "./posthorn.ts";

await posthorn.setTestReceiver(tenant, { status: 500 });
await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
const event = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
const { id, state, attempts } = await deliveryOf(event.id);
console.log(state, attempts); // → retrying 1
await posthorn.setTestReceiver(tenant, { status: 200 });
await posthorn.retryDelivery(tenant, id);
await until(async () => (await posthorn.getDelivery(tenant, id)).state === "delivered");
