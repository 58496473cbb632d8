/**
 * Pause a replay, let it go on, end it.
 *
 * For pauseReplay, resumeReplay, cancelReplay, listReplays.
 */
import { deliveryOf, posthorn, receiver, tenant } from "./posthorn.ts";

const endpoint = await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
const cart = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
await deliveryOf(cart.id);
await posthorn.setTestReceiver(tenant, { is_silent: true });
const range = { endpoint: endpoint.id, since: cart.accepted_at, only: "all", rate: 5 } as const;
const { id } = await posthorn.createReplay(tenant, range);
console.log((await posthorn.pauseReplay(tenant, id)).state); // → paused
console.log((await posthorn.resumeReplay(tenant, id)).state); // → running
console.log((await posthorn.cancelReplay(tenant, id)).state); // → cancelled
console.log((await posthorn.listReplays(tenant).page()).data.length); // → 1
