/**
 * What was sent, what was answered, how long it took.
 *
 * For listAttempts, getAttempt, getSentRequest.
 */
import { deliveryOf, posthorn, receiver, tenant } from "./posthorn.ts";

await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
const event = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
await deliveryOf(event.id);
for await (const { id } of posthorn.listAttempts(tenant, { event: event.id })) {
  const { verdict, status, answer } = await posthorn.getAttempt(tenant, id);
  console.log(verdict, status, answer); // → delivered 200 {"outcome":"sent"}
  const { request, matches } = await posthorn.getSentRequest(tenant, id);
  console.log(atob(request?.payload ?? ""), matches);
  // → {"event_name":"cart.created","object":{"id":456}} true
}
