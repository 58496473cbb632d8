import { listingCommand } from "./remote/listing.ts";

/** `posthorn endpoints list`, `posthorn endpoints get <id>`. */
export const endpoints = listingCommand({
  name: "endpoints",
  filters: [],
  columns: ["id", "state", "contract", "event_types", "url"],
  list: ({ client, tenant }) => client.listEndpoints(tenant),
  get: ({ client, tenant }, id) => client.getEndpoint(tenant, id),
});
