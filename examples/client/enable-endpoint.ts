/**
 * Send an endpoint nothing for a while.
 *
 * For disableEndpoint, enableEndpoint.
 */
import { posthorn, receiver, tenant } from "./posthorn.ts";

const { id } = await posthorn.createEndpoint(tenant, { url: receiver, contract: "spektr" });
console.log((await posthorn.disableEndpoint(tenant, id)).state); // → disabled
await posthorn.sendEvent(tenant, { type: "process_run_end", subject: "686e28ba", data: { score: 0 } });
console.log((await posthorn.enableEndpoint(tenant, id)).state); // → enabled
console.log((await posthorn.getEndpoint(tenant, id)).missed); // → 1
