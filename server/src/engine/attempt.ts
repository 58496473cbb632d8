import type { ContractEvent, Verdict } from "@posthorn/contracts/contract";
import type { Clock } from "../clock.ts";
import type { StoredEvent } from "../model/event.ts";
import type { Ids } from "../model/ids.ts";
import type { Offset } from "../model/offset.ts";
import type { Sender, Sent } from "../outbound/sender.ts";
import type { Tracing } from "../tracing.ts";
import { endpointAt } from "./contract-endpoint.ts";
import { judge } from "./judge.ts";
import type { Item } from "./lane.ts";
import { outboundRequest } from "./outbound-request.ts";
import type { Route } from "./routes.ts";
import { judgeTraced, startTraced } from "./traced-attempt.ts";

/** What one request, or the refusal to make it, came to. */
export interface Outcome {
  readonly verdict: Verdict;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Undefined: nothing could be rendered, so nothing was sent. */
  readonly sent: Sent | undefined;
  readonly payloadHash: Uint8Array | undefined;
  /** The events that the contract cannot say; empty if a request was made. */
  readonly unrenderable: readonly Offset[];
}

export interface AttemptPorts {
  readonly clock: Clock;
  readonly sender: Sender;
  readonly ids: Ids;
  /** The first 16 bytes of a SHA-256. */
  readonly digest: (bytes: Uint8Array) => Uint8Array;
  /** Continues the traces that events came with. Undefined: they end here. */
  readonly tracing?: Pick<Tracing, "startAttempt"> | undefined;
}

/**
 * One request: render, send, judge. Whatever the network does is an answer. It throws what the contract
 * throws.
 */
export async function attempt(
  route: Route,
  { item, events }: { item: Item; events: readonly StoredEvent[] },
  { clock, sender, ids, digest, tracing }: AttemptPorts,
): Promise<Outcome> {
  const { contract, tenant, endpoint } = route;
  const startedAt = clock.now();
  const last = events.at(-1);
  if (last === undefined) {
    throw new Error(`an attempt has an event: endpoint ${endpoint.number}`);
  }
  const number = item.requests + 1;
  const place = { shard: tenant.shard, offset: last.offset, endpoint: endpoint.number };
  const id = ids.attempt({ ...place, cursor: item.cursor, number });
  const seen = events.map((event) => contractEvent(event, route, ids));
  const request = contract.request(endpointAt(route, startedAt), seen, { id, number, at: startedAt });
  if (request.kind === "unrenderable") {
    const verdict = { kind: "rejected", reason: request.reason } as const;
    const unrenderable = request.offsets ?? seen.map(({ offset }) => offset);
    return { verdict, startedAt, endedAt: startedAt, sent: undefined, payloadHash: undefined, unrenderable };
  }
  const traced = startTraced(tracing, seen, () => ({
    id,
    number,
    tenant: tenant.id,
    endpoint: ids.endpoint(endpoint.number),
    contract: contract.name,
    method: request.method ?? "POST",
  }));
  const sent = await sender.send(outboundRequest(route, request, traced?.headers));
  const endedAt = clock.now();
  const judged = () => judge(contract, sent.answer, endedAt);
  return {
    verdict: traced === undefined ? judged() : judgeTraced(traced, sent, judged),
    startedAt,
    endedAt,
    sent,
    payloadHash: digest(request.payload),
    unrenderable: [],
  };
}

/** An event as contracts see it. */
export function contractEvent(
  event: StoredEvent,
  { tenant }: Pick<Route, "tenant">,
  ids: Pick<Ids, "event">,
): ContractEvent {
  const { offset, type, subject, occurredAt, data, extensions } = event;
  const { shard } = tenant;
  const id = ids.event({ shard, offset });
  return { id, offset, shard, tenantId: tenant.id, type, subject, occurredAt, data, extensions };
}
