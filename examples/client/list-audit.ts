/**
 * Who changed what.
 *
 * For listAudit, listTenantAudit.
 */
import { posthorn, tenant } from "./posthorn.ts";

const { id } = await posthorn.createEndpoint(tenant, { url: "https://hooks.example.com/" });
await posthorn.pauseEndpoint(tenant, id);
for await (const { action, by, status } of posthorn.listTenantAudit(tenant)) {
  console.log(action, by.kind, status);
  // → pauseEndpoint admin 200 → createEndpoint admin 201 → createTenant admin 201
}
const [latest] = (await posthorn.listAudit({ action: "pauseEndpoint" }).page()).data;
console.log(latest?.tenant === tenant, latest?.resource); // → true { endpoint: 'ep_…' }
