/**
 * Deliver what an endpoint missed while it was disabled.
 *
 * For recover.
 */
import { deliveryOf, posthorn, receiver, tenant } from "./posthorn.ts";

const { id } = await posthorn.createEndpoint(tenant, { url: receiver, contract: "spektr" });
await posthorn.disableEndpoint(tenant, id);
const runEnd = { type: "process_run_end", subject: "686e28ba", data: { score: 0 } };
const event = await posthorn.sendEvent(tenant, runEnd);
await posthorn.enableEndpoint(tenant, id);
const { missed, replay } = await posthorn.recover(tenant, id);
console.log(missed, replay?.only); // → 1 missed
await deliveryOf(event.id);
