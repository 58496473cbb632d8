/**
 * What happens, as it happens.
 *
 * For watch, Stream.
 */
import { posthorn, receiver, tenant } from "./posthorn.ts";

await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
for await (const message of posthorn.watch(tenant, { states: "delivered" })) {
  if (message.kind === "started") {
    await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
  } else if (message.kind === "delivery") {
    console.log(message.delivery.type, message.delivery.state); // → cart.created delivered
    break;
  }
}
