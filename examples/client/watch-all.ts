/**
 * What happens to all tenants, as it happens.
 *
 * For watchAll.
 */
import { posthorn, tenant } from "./posthorn.ts";

for await (const message of posthorn.watchAll({ kinds: "event", types: "cart.*" })) {
  if (message.kind === "started") {
    console.log(message.has_missed); // → false
    await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
  } else if (message.kind === "event" && message.tenant_id === tenant) {
    console.log(message.event.type); // → cart.created
    break;
  }
}
