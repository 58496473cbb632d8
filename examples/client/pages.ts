/**
 * Iterate over a list, or ask for a page.
 *
 * For Pages, Page, page, listEvents.
 */
import { posthorn, tenant } from "./posthorn.ts";

await posthorn.sendEvents(tenant, [
  { type: "Points Updated", subject: "12345", data: { customer: { shopid: "12345" } } },
  { type: "Tier Reached", subject: "12345", data: { customer: { shopid: "12345" } } },
]);
for await (const { type, subject } of posthorn.listEvents(tenant, { subject: "12345" })) {
  console.log(type, subject); // → Tier Reached 12345 → Points Updated 12345
}
const { data, next_cursor } = await posthorn.listEvents(tenant, { limit: 1 }).page();
console.log(data.length, next_cursor === null); // → 1 false
