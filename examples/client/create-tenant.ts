/**
 * A tenant for each of your customers.
 *
 * For createTenant, getTenant, updateTenant, listTenants.
 */
import { posthorn } from "./posthorn.ts";

const { id } = await posthorn.createTenant({ name: "Example Roasters", contract: "bubblehouse" });
await posthorn.updateTenant(id, { retention: { payload_days: 30 } });
const { name, contract, retention } = await posthorn.getTenant(id);
console.log(name, contract, retention.payload_days); // → Example Roasters bubblehouse 30
for await (const one of posthorn.listTenants()) {
  if (one.id === id) console.log(one.name); // → Example Roasters
}
