import type { LiveFact } from "../live.ts";
import { timeOfOffset } from "../model/offset.ts";
import type { ApiPorts } from "./ports.ts";
import { liveAttemptView } from "./routes/attempts.ts";
import { eventView } from "./routes/events.ts";
import { timestampOf, timestampOrNull } from "./timestamp.ts";

/** Shows a fact as a stream tells it. */
export function liveView(ports: Pick<ApiPorts, "ids">, fact: LiveFact): object {
  const { ids } = ports;
  const { tenant } = fact;
  const whose = { kind: fact.kind, tenant_id: tenant.id };
  switch (fact.kind) {
    case "event":
      return { ...whose, event: eventView(ports, tenant, fact.event) };
    case "attempt":
      return { ...whose, type: fact.type, attempt: liveAttemptView(ports, tenant, fact.attempt) };
    case "delivery": {
      const { endpoint, offset, state, reason, dueAt } = fact.delivery;
      const place = { shard: tenant.shard, offset };
      const delivery = {
        id: ids.delivery(place, endpoint),
        event_id: ids.event(place),
        type: fact.type,
        endpoint_id: ids.endpoint(endpoint),
        state,
        next_attempt_at: timestampOrNull(dueAt),
        reason: reason ?? null,
        accepted_at: timestampOf(timeOfOffset(offset)),
      };
      return { ...whose, delivery };
    }
    case "gap": {
      const { endpoint, from, to, reason } = fact.gap;
      const gap = {
        endpoint_id: ids.endpoint(endpoint),
        first_event_id: ids.event({ shard: tenant.shard, offset: from }),
        last_event_id: ids.event({ shard: tenant.shard, offset: to }),
        reason,
      };
      return { ...whose, gap };
    }
    case "lane": {
      const { endpoint, hold } = fact;
      const lane = {
        endpoint_id: ids.endpoint(endpoint),
        held_since: timestampOrNull(hold?.since),
        reason: hold?.reason ?? null,
        next_probe_at: timestampOrNull(hold?.until),
      };
      return { ...whose, lane };
    }
  }
}
