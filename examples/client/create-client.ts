/**
 * A client, more patient than usual.
 *
 * For createClient, Client, ClientOptions.
 */
import { createClient } from "@posthorn/client/client";

const posthorn = createClient({
  url: process.env["POSTHORN_URL"] ?? "http://127.0.0.1:8080",
  key: process.env["POSTHORN_KEY"],
  retries: 5,
  timeoutMs: 60_000,
});
const { id: tenant } = await posthorn.createTenant({ name: "Example Boutique" });
const { id } = await posthorn.sendEvent(tenant, { type: "shopper.created", data: { ref: "C-720" } });
console.log(tenant, id); // → ten_… evt_…
