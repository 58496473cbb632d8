/**
 * Let the hours until a retry pass.
 *
 * For getClock, advanceClock.
 */
import { deliveryOf, posthorn, receiver, tenant } from "./posthorn.ts";

await posthorn.setTestReceiver(tenant, { status: 500 });
await posthorn.createEndpoint(tenant, { url: receiver, retry: { delays_ms: [3_600_000] } });
const { id } = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
console.log((await deliveryOf(id)).state); // → retrying
if ((await posthorn.getClock()).is_movable) await posthorn.advanceClock({ by_ms: 3_700_000 });
console.log((await deliveryOf(id)).state); // → dead
