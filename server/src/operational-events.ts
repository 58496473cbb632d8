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

export interface Held {
  /** Why nothing is sent: the lane's reason. */
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Nothing is sent until a person does something. */
  readonly needsAttention: boolean;
  /** Milliseconds since 1970. */
  readonly nextProbeAt: number | undefined;
}

/**
 * Makes the events that tell the operator what happened. Undefined where it happened to the operator's own
 * endpoint: no operational event is about the delivery of one, so none can beget another.
 */
export interface OperationalEvents {
  endpointDisabled(concerned: Concerned, disabled: Disabled): RaisedEvent | undefined;
  endpointHeld(concerned: Concerned, held: Held): RaisedEvent | undefined;
  /** `since`: of the hold that was told, in milliseconds since 1970. */
  endpointRecovered(concerned: Concerned, held: Pick<Held, "since">): RaisedEvent | undefined;
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
        extensions: undefined,
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
        failing_since: textOf(failingSince),
      }),
    endpointHeld: (concerned, { reason, since, needsAttention, nextProbeAt }) =>
      keyed(
        raised("endpoint.held", concerned, {
          reason,
          held_since: textOf(since),
          needs_attention: needsAttention,
          next_probe_at: textOf(nextProbeAt),
        }),
        `${ids.endpoint(concerned.endpoint.number)} ${since}`,
      ),
    endpointRecovered: (concerned, { since }) =>
      keyed(
        raised("endpoint.recovered", concerned, { held_since: textOf(since) }),
        `${ids.endpoint(concerned.endpoint.number)} ${since}`,
      ),
    deliveryDead(concerned, { reason, attempts, offsets }) {
      const { tenant, endpoint } = concerned;
      const { shard } = tenant;
      const dead = raised("delivery.dead", concerned, {
        reason,
        attempts,
        event_ids: offsets.map((offset) => ids.event({ shard, offset })),
      });
      const [first = 0] = offsets;
      return keyed(dead, ids.delivery({ shard, offset: first }, endpoint.number));
    },
  };
}

/** A flush may be written twice, and what it tells of is told once. */
function keyed(raised: RaisedEvent | undefined, what: string): RaisedEvent | undefined {
  return raised && { ...raised, key: `${raised.event.type} ${what}` };
}

function textOf(instant: number | undefined): string | null {
  return instant === undefined ? null : new Date(instant).toISOString();
}
