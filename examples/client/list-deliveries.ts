/**
 * What was refused, and what became of one event.
 *
 * For listDeliveries, listDeliveriesOfEvent.
 */
import { deliveryOf, posthorn, receiver, tenant } from "./posthorn.ts";

await posthorn.setTestReceiver(tenant, { status: 422 });
await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
const { id } = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
await deliveryOf(id);
for await (const { type, attempts, reason } of posthorn.listDeliveries(tenant, { state: "rejected" })) {
  console.log(type, attempts, reason); // → cart.created 1 status_422
}
console.log((await posthorn.listDeliveriesOfEvent(tenant, id).page()).data.length); // → 1
