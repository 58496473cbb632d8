/**
 * What waits now.
 *
 * For getStanding, getInstallationStanding.
 */
import { posthorn, tenant } from "./posthorn.ts";

const { id } = await posthorn.createEndpoint(tenant, { url: "https://hooks.example.com/" });
await posthorn.pauseEndpoint(tenant, id);
await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
const { deliveries_waiting_at_least, oldest_due_at } = await posthorn.getStanding(tenant);
console.log(deliveries_waiting_at_least, oldest_due_at); // → 1 null
const { lanes_held, is_partial = false } = await posthorn.getInstallationStanding();
console.log(`${lanes_held} of all tenants are held`, is_partial);
// → … of all tenants are held false
