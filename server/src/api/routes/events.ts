import { Type } from "typebox";
import { DAY_MS } from "../../model/duration.ts";
import { isErased } from "../../model/erasure.ts";
import type { ListedEvent, StoredEvent } from "../../model/event.ts";
import { type Offset, offsetAt, timeOfOffset } from "../../model/offset.ts";
import type { Tenant } from "../../model/tenant.ts";
import { Problem } from "../../problem.ts";
import type { EventPage } from "../../reader.ts";
import { type Access, maySeePayloads, pathParameter, tenantOf } from "../access.ts";
import { cursorOf, positionIn, wrongCursor } from "../cursor.ts";
import { type AnyEvent, readDeliveries } from "../deliveries-of.ts";
import { createDeliveryViewer } from "../delivery-view.ts";
import { textFilter, timeFilter } from "../filters.ts";
import { noSuch } from "../no-such.ts";
import { PAGE_LIMIT, pageOf, pageParameters } from "../page.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { timestampOf, timestampOrNull } from "../timestamp.ts";

const filter = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 256, description }));

const EventsQuery = Type.Object(
  {
    type: filter("Of this type."),
    subject: filter("About this subject."),
    key: filter("Accepted under this idempotency key."),
    since: filter("A time: accepted from then on."),
    until: filter("A time: accepted before then."),
    ...pageParameters,
  },
  { additionalProperties: false },
);

const DeliveriesQuery = Type.Object(pageParameters, { additionalProperties: false });

/** Events looked at for one page, whatever the filters leave of them. */
const SCAN_MAX = 2000;

const NO_EVENTS: EventPage = { events: [], next: undefined };

/** Reading `/v1/tenants/{tenant}/events`: what happened, and what became of it. */
export function addEventRoutes(app: Api, ports: ApiPorts, access: Access): void {
  const { ids } = ports;
  const list = "/v1/tenants/:tenant/events";
  const one = `${list}/:event`;
  const onRequest = access.tenant("events:read", "deliveries:read");

  app.get(list, { onRequest, schema: { querystring: EventsQuery } }, async (request) => {
    const tenant = tenantOf(request);
    const { cursor, limit = PAGE_LIMIT, type, subject, key, since, until } = request.query;
    const bound = ["events", tenant.id, type, subject, key, since, until];
    const { events, next } = await listEvents(ports, tenant, {
      type: textFilter("type", type),
      subject: textFilter("subject", subject),
      key: textFilter("key", key),
      since: timeFilter("since", since),
      until: timeFilter("until", until),
      before: cursor === undefined ? undefined : offsetIn(ports, tenant, positionIn(bound, cursor)),
      limit,
    });
    return {
      data: events.map((event) => eventView(ports, tenant, event)),
      next_cursor:
        next === undefined ? null : cursorOf(bound, ids.event({ shard: tenant.shard, offset: next })),
    };
  });

  app.get(one, { onRequest }, async (request, reply) => {
    const tenant = tenantOf(request);
    const event = await readEvent(ports, tenant, pathParameter(request, "event"));
    const { deliveries } = await readDeliveriesOf(ports, tenant, event);
    const summary = { ...NO_DELIVERIES };
    for (const { standing } of deliveries) {
      summary[standing.state] += 1;
    }
    const body = bodyOf(eventView(ports, tenant, { ...event, dataBytes: event.data.length }), event, {
      summary,
      isWithheld: !maySeePayloads(request),
    });
    return reply.header("content-type", "application/json; charset=utf-8").send(body);
  });

  const schema = { querystring: DeliveriesQuery };
  app.get(`${one}/deliveries`, { onRequest, schema }, async (request) => {
    const tenant = tenantOf(request);
    const { cursor, limit = PAGE_LIMIT } = request.query;
    const event = await readEvent(ports, tenant, pathParameter(request, "event"));
    const bound = ["event-deliveries", tenant.id, String(event.offset)];
    const before = cursor === undefined ? Infinity : ids.endpointNumberOf(positionIn(bound, cursor));
    if (before === undefined) {
      throw wrongCursor();
    }
    const { deliveries, endpoints } = await readDeliveriesOf(ports, tenant, event);
    const older = deliveries.filter(({ endpoint }) => endpoint < before);
    const { rows, next } = pageOf(older, limit, (last) => cursorOf(bound, ids.endpoint(last.endpoint)));
    const show = createDeliveryViewer(ports, tenant, endpoints);
    return { data: await Promise.all(rows.map(show)), next_cursor: next };
  });
}

async function readDeliveriesOf(ports: ApiPorts, tenant: Tenant, event: AnyEvent) {
  const endpoints = await ports.endpoints.read(tenant);
  const query = { events: [event], endpoint: undefined, endpoints };
  return { endpoints, deliveries: await readDeliveries(ports, query) };
}

/** Shows an event with what it says: spliced, never parsed and printed again (invariant 13). */
function bodyOf(
  view: ReturnType<typeof eventView>,
  event: StoredEvent,
  { summary, isWithheld }: { readonly summary: typeof NO_DELIVERIES; readonly isWithheld: boolean },
): Buffer {
  const extensions = isWithheld ? null : (event.extensions ?? null);
  const head = JSON.stringify({ ...view, is_withheld: isWithheld, extensions, summary });
  const data = isErased(event) || isWithheld ? NULL : event.data;
  return Buffer.concat([Buffer.from(`${head.slice(0, -1)},"data":`), data, CLOSING_BRACE]);
}

const CLOSING_BRACE = Buffer.from("}");
const NULL = Buffer.from("null");

const NO_DELIVERIES = {
  pending: 0,
  retrying: 0,
  delivered: 0,
  rejected: 0,
  dead: 0,
  cancelled: 0,
  expired: 0,
};

/**
 * Reads an event of the tenant by its id. Throws the Problem `not_found`, also for another tenant's, and
 * `event_expired` where no event of that time is kept.
 */
export async function readEvent(ports: ApiPorts, tenant: Tenant, id: string): Promise<StoredEvent> {
  const place = ports.ids.eventPlaceOf(id);
  if (place === undefined || place.shard !== tenant.shard) {
    throw noSuch("event", id, tenant);
  }
  const event = await ports.reader.readEvent(tenant.number, place.offset);
  if (event === undefined) {
    const { clock, keepMs = Infinity } = ports;
    throw clock.now() - timeOfOffset(place.offset) > keepMs
      ? new Problem("event_expired", `events are kept for ${keepMs / DAY_MS} days`)
      : noSuch("event", id, tenant);
  }
  return event;
}

/** Shows an event without what it says. */
export function eventView({ ids }: Pick<ApiPorts, "ids">, tenant: Pick<Tenant, "shard">, event: ListedEvent) {
  return {
    id: ids.event({ shard: tenant.shard, offset: event.offset }),
    type: event.type,
    subject: event.subject ?? null,
    occurred_at: timestampOf(event.occurredAt),
    accepted_at: timestampOf(timeOfOffset(event.offset)),
    expires_at: timestampOrNull(event.expiresAt),
    to: event.to === undefined ? null : ids.endpoint(event.to),
    data_bytes: event.dataBytes,
    is_erased: isErased(event),
  };
}

interface EventFilters {
  readonly type: string | undefined;
  readonly subject: string | undefined;
  readonly key: string | undefined;
  /** Accepted at it or later. */
  readonly since: number | undefined;
  /** Accepted before it. */
  readonly until: number | undefined;
  /** Where the page before ended. */
  readonly before: Offset | undefined;
  readonly limit: number;
}

async function listEvents(ports: ApiPorts, tenant: Tenant, filters: EventFilters): Promise<EventPage> {
  const { type, subject, limit } = filters;
  const range = await rangeOf(ports, tenant, filters);
  if (range === undefined) {
    return NO_EVENTS;
  }
  return await ports.reader.listEvents({
    tenant: tenant.number,
    ...(type === undefined ? {} : { type }),
    ...(subject === undefined ? {} : { subject }),
    ...range,
    limit,
    scanMax: SCAN_MAX,
  });
}

/** Turns filters into a range of offsets, which are times; undefined if nothing is in it. */
async function rangeOf(
  { reader }: ApiPorts,
  tenant: Tenant,
  { key, since, until, before }: EventFilters,
): Promise<{ readonly from?: Offset; readonly before?: Offset } | undefined> {
  const starts = since === undefined ? [] : [offsetAt(since)];
  const ends = [...(before === undefined ? [] : [before]), ...(until === undefined ? [] : [offsetAt(until)])];
  if (key !== undefined) {
    const stored = await reader.readKey(tenant.number, key);
    if (stored === undefined) {
      return undefined;
    }
    // The events of one request have neighbouring offsets.
    starts.push(stored.first);
    ends.push(stored.first + stored.count);
  }
  const from = Math.max(0, ...starts);
  const end = Math.min(...ends);
  if (from >= end) {
    return undefined;
  }
  return { ...(starts.length === 0 ? {} : { from }), ...(ends.length === 0 ? {} : { before: end }) };
}

function offsetIn({ ids }: ApiPorts, tenant: Tenant, position: string): Offset {
  const place = ids.eventPlaceOf(position);
  if (place === undefined || place.shard !== tenant.shard) {
    throw wrongCursor();
  }
  return place.offset;
}
