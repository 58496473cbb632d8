/**
 * Try out what answers lead to.
 *
 * For getTestReceiver, setTestReceiver.
 */
import { deliveryOf, posthorn, tenant } from "./posthorn.ts";

const { url, answer } = await posthorn.getTestReceiver(tenant);
console.log(url, answer.status); // → http://127.0.0.1:… 200
await posthorn.setTestReceiver(tenant, { status: 422 });
await posthorn.createEndpoint(tenant, { url: url ?? "", contract: "bspk" });
const { id } = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
console.log((await deliveryOf(id)).state); // → rejected
