/**
 * Give an event type another schema, and a successor.
 *
 * For updateEventType, listEventTypes, listSchemaVersions, deleteEventType.
 */
import { posthorn, tenant } from "./posthorn.ts";

const name = "cart.shared";
await posthorn.registerEventType(tenant, { name, schema: { required: ["id"] } });
await posthorn.updateEventType(tenant, name, { schema: true, successor: "cart.created" });
for await (const { version, schema } of posthorn.listSchemaVersions(tenant, name)) {
  console.log(version, schema); // → 2 true → 1 { required: [ 'id' ] }
}
for await (const { deprecated, successor } of posthorn.listEventTypes(tenant)) {
  console.log(deprecated, successor); // → true cart.created
}
await posthorn.deleteEventType(tenant, name);
