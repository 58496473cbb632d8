/**
 * Change one thing, and leave the others.
 *
 * For updateEndpoint, deleteEndpoint.
 */
import { posthorn, tenant } from "./posthorn.ts";

const url = "https://crm.example.com/bspk";
const given = { url, contract: "bspk", event_types: ["client.*"] };
const { id } = await posthorn.createEndpoint(tenant, given);
const changed = await posthorn.updateEndpoint(tenant, id, { event_types: ["shopper.*"] });
console.log(changed.url === url, changed.event_types); // → true [ 'shopper.*' ]

await posthorn.deleteEndpoint(tenant, id);
console.log((await posthorn.listEndpoints(tenant).page()).data); // → []
