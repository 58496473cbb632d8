/**
 * Erase what events say, for good.
 *
 * For eraseEvent, eraseSubject.
 */
import { posthorn, tenant } from "./posthorn.ts";

const event = { type: "shopper.updated", subject: "C-720", data: { email: "mina@shopper.example" } };
const { id } = await posthorn.sendEvent(tenant, event);
await posthorn.eraseEvent(tenant, id);
const { data, is_erased } = await posthorn.getEvent(tenant, id);
console.log(data, is_erased); // → null true

await posthorn.sendEvent(tenant, event);
await posthorn.eraseSubject(tenant, "C-720");
console.log((await posthorn.listEvents(tenant, { subject: "C-720" }).page()).data); // → []
