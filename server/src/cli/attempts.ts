import { listingCommand } from "./remote/listing.ts";
import { oneOf } from "./remote/one-of.ts";

const VERDICTS = ["delivered", "rejected", "retry", "hold", "disable"] as const;

/** `posthorn attempts list`, `posthorn attempts get <id>`. */
export const attempts = listingCommand({
  name: "attempts",
  filters: ["endpoint", "event", "verdict"],
  columns: ["started_at", "verdict", "status", "error", "duration_ms", "number", "event_id", "endpoint_id"],
  list: ({ client, tenant }, { verdict, ...filters }) =>
    client.listAttempts(tenant, { ...filters, verdict: oneOf(VERDICTS, "--verdict", verdict) }),
  get: ({ client, tenant }, id) => client.getAttempt(tenant, id),
});
