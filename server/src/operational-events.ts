import type { Endpoint } from "./model/endpoint.ts";
import type { RaisedEvent } from "./model/event.ts";
import type { Ids } from "./model/ids.ts";
import type { Offset } from "./model/offset.ts";
import type { Tenant } from "./model/tenant.ts";

/** Whom an operational event is about. */
export interface Concerned {
  readonly tenant: Tenant;
  readonly endpoint: Endpoint;
}

export interface Disabled {
  readonly reason: string;
  /** Milliseconds since 1970; undefined if it was not for failing. */
  readonly failingSince: number | undefined;
}

export interface Dead {
  readonly reason: string;
  /** Requests made. */
  readonly attempts: number;
  readonly offsets: readonly Offset[];
}

/**
 * Makes the events that tell the operator what happened. Undefined where it happened to the operator's own
 * endpoint: no operational event is about the delivery of one, so none can beget another.
 */
export interface OperationalEvents {
  endpointDisabled(concerned: Concerned, disabled: Disabled): RaisedEvent | undefined;
  deliveryDead(concerned: Concerned, dead: Dead): RaisedEvent | undefined;
}

export function createOperationalEvents({
  operator,
  ids,
}: {
  readonly operator: Tenant;
  readonly ids: Ids;
}): OperationalEvents {
  function raised(
    type: string,
    { tenant, endpoint }: Concerned,
    members: Readonly<Record<string, unknown>>,
  ): RaisedEvent | undefined {
    if (tenant.number === operator.number) {
      return undefined;
    }
    const endpointId = ids.endpoint(endpoint.number);
    const data = {
      tenant_id: tenant.id,
      endpoint_id: endpointId,
      contract: endpoint.contract,
      // A path or a query may hold a secret (invariant 12).
      url_host: URL.parse(endpoint.config.url)?.host ?? "",
      ...members,
    };
    return {
      tenant: operator.number,
      endpoint: endpoint.number,
      event: {
        type,
        subject: endpointId,
        occurredAt: undefined,
        data: new TextEncoder().encode(JSON.stringify(data)),
        expiresAt: undefined,
        to: undefined,
      },
      key: undefined,
    };
  }

  return {
    endpointDisabled: (concerned, { reason, failingSince }) =>
      raised("endpoint.disabled", concerned, {
        reason,
        failing_since: failingSince === undefined ? null : new Date(failingSince).toISOString(),
      }),
    deliveryDead(concerned, { reason, attempts, offsets }) {
      const { tenant, endpoint } = concerned;
      const { shard } = tenant;
      const dead = raised("delivery.dead", concerned, {
        reason,
        attempts,
        event_ids: offsets.map((offset) => ids.event({ shard, offset })),
      });
      const [first = 0] = offsets;
      return (
        dead && { ...dead, key: `delivery.dead ${ids.delivery({ shard, offset: first }, endpoint.number)}` }
      );
    },
  };
}
