/**
 * A key for a program that only hands over events.
 *
 * For createKey, listKeys, revokeKey.
 */
import { createClient } from "@posthorn/client/client";
import { posthorn, tenant } from "./posthorn.ts";

const { id, key } = await posthorn.createKey(tenant, { name: "checkout", scopes: ["events:write"] });
const checkout = createClient({ url: process.env["POSTHORN_URL"] ?? "http://127.0.0.1:8080", key });
await checkout.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
for await (const { name, scopes } of posthorn.listKeys(tenant)) {
  console.log(name, scopes); // → checkout [ 'events:write' ]
}
await posthorn.revokeKey(tenant, id);
