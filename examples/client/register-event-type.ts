/**
 * Events that do not fit their schema are refused.
 *
 * For registerEventType, getEventType.
 */
import { PosthornError } from "@posthorn/client/posthorn-error";
import { posthorn, tenant } from "./posthorn.ts";

const schema = { type: "object", required: ["id"], properties: { id: { type: "integer" } } };
await posthorn.registerEventType(tenant, { name: "cart.shared", schema, example: { id: 456 } });
console.log((await posthorn.getEventType(tenant, "cart.shared")).validation); // → reject
try {
  await posthorn.sendEvent(tenant, { type: "cart.shared", data: { id: "456" } });
} catch (error) {
  if (error instanceof PosthornError) console.log(error.errors);
  // → [ { pointer: '/data/id', detail: 'must be a whole number, got a text' } ]
}
