/**
 * Give up what nobody needs any more.
 *
 * For cancelDelivery.
 */
import { deliveryOf, posthorn, receiver, tenant } from "./posthorn.ts";

await posthorn.setTestReceiver(tenant, { status: 500 });
await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
const event = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
const { id, next_attempt_at } = await deliveryOf(event.id);
console.log(next_attempt_at); // → …Z
const { state, reason } = await posthorn.cancelDelivery(tenant, id);
console.log(state, reason); // → cancelled cancelled
