/**
 * Send a program what an endpoint would get.
 *
 * For createListener, renderEvent.
 */
import { posthorn, tenant } from "./posthorn.ts";

const target = { url: "http://127.0.0.1:3000/webhooks", contract: "standard" };
const { secret } = await posthorn.createListener(tenant, target);
const { id } = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
const { request } = await posthorn.renderEvent(tenant, id, { ...target, secret });
console.log(request?.method, request?.url); // → POST http://127.0.0.1:3000/webhooks
console.log(Object.keys(request?.headers ?? {}));
// → [ 'user-agent', 'content-type', 'webhook-id', 'webhook-timestamp', 'webhook-signature' ]
