/**
 * Why an endpoint was not sent an event.
 *
 * For listUnmatched.
 */
import { posthorn, receiver, tenant } from "./posthorn.ts";

await posthorn.createEndpoint(tenant, { url: receiver, event_types: ["shopper.*"] });
const { id } = await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
for await (const { event_types, reasons } of posthorn.listUnmatched(tenant, id)) {
  console.log(event_types, reasons); // → [ 'shopper.*' ] [ 'not_subscribed' ]
}
