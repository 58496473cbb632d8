import { listingCommand } from "./remote/listing.ts";

/** `posthorn events list`, `posthorn events get <id>`. */
export const events = listingCommand({
  name: "events",
  filters: ["type", "subject", "key", "since", "until"],
  columns: ["id", "accepted_at", "type", "subject", "data_bytes"],
  list: ({ client, tenant }, filters) => client.listEvents(tenant, filters),
  get: ({ client, tenant }, id) => client.getEvent(tenant, id),
});
