/**
 * Let everything wait while a receiver is repaired.
 *
 * For pauseEndpoint, resumeEndpoint.
 */
import { deliveryOf, posthorn, receiver, tenant } from "./posthorn.ts";

const { id } = await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
console.log((await posthorn.pauseEndpoint(tenant, id)).state); // → paused
const event = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
console.log((await posthorn.getEndpoint(tenant, id)).lane.waiting); // → 1
await posthorn.resumeEndpoint(tenant, id);
console.log((await deliveryOf(event.id)).state); // → delivered
