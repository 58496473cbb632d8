import { listingCommand } from "./remote/listing.ts";
import { oneOf } from "./remote/one-of.ts";

const STATES = ["pending", "retrying", "delivered", "rejected", "dead", "cancelled", "expired"] as const;

/** `posthorn deliveries list`, `posthorn deliveries get <id>`. */
export const deliveries = listingCommand({
  name: "deliveries",
  filters: ["state", "endpoint", "type"],
  columns: ["id", "state", "attempts", "type", "endpoint_id", "next_attempt_at", "reason"],
  list: ({ client, tenant }, { state, ...filters }) =>
    client.listDeliveries(tenant, { ...filters, state: oneOf(STATES, "--state", state) }),
  get: ({ client, tenant }, id) => client.getDelivery(tenant, id),
});
