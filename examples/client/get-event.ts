/**
 * What an event says, and what became of it.
 *
 * For getEvent.
 */
import { deliveryOf, posthorn, receiver, tenant } from "./posthorn.ts";

await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
const { id } = await posthorn.sendEvent(tenant, { type: "shopper.created", data: { ref: "C-720" } });
await deliveryOf(id);
const { data, summary } = await posthorn.getEvent(tenant, id);
console.log(data, summary.delivered, summary.pending); // → { ref: 'C-720' } 1 0
