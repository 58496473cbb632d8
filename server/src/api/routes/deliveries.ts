import { Type } from "typebox";
import type { CommandResult, Engine, LiveDelivery } from "../../engine/engine.ts";
import { typesOwedAfter } from "../../engine/owed.ts";
import { DELIVERY_STATES, type DeliveryState } from "../../model/delivery.ts";
import type { ListedEvent } from "../../model/event.ts";
import { type Offset, offsetAt } from "../../model/offset.ts";
import type { Tenant } from "../../model/tenant.ts";
import { Problem, type ProblemCode } from "../../problem.ts";
import type { EventPage } from "../../reader.ts";
import { type Access, pathParameter, tenantOf } from "../access.ts";
import { cursorOf, positionIn, wrongCursor } from "../cursor.ts";
import { type Delivery, readDeliveries } from "../deliveries-of.ts";
import { createDeliveryViewer, type DeliveryView } from "../delivery-view.ts";
import type { EndpointTable } from "../endpoint-table.ts";
import { textFilter, timeFilter } from "../filters.ts";
import { noSuch } from "../no-such.ts";
import { PAGE_LIMIT, pageParameters } from "../page.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { checkNoBody } from "./endpoints.ts";

const timeParameter = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 256, description }));

const DeliveriesQuery = Type.Object(
  {
    state: Type.Optional(
      Type.Enum([...DELIVERY_STATES], {
        description:
          "In this state. A page looks at some hundred events: it may be empty, and have a next one.",
      }),
    ),
    endpoint: Type.Optional(Type.String({ maxLength: 64, description: "To this endpoint: its id." })),
    type: Type.Optional(
      Type.String({ minLength: 1, maxLength: 128, description: "Of events of this type." }),
    ),
    since: timeParameter("A time: of events accepted from then on."),
    until: timeParameter("A time: of events accepted before then."),
    ...pageParameters,
  },
  { additionalProperties: false },
);

// What one page looks at, however few deliveries its filters leave: a page may be short, or empty, and have
// a next one.
const EVENTS_AT_ONCE = 25;
/** Where a state is asked for, which few deliveries may be in: each look asks the store several things. */
const EVENTS_OF_A_STATE_AT_ONCE = 100;
const EVENTS_SCANNED_MAX = 1000;
const EVENTS_MATCHED_MAX = 500;
const DELIVERIES_LOOKED_AT_MAX = 10_000;
const REPLAYS_LOOKED_AT_MAX = 100;

type Command = "retry" | "replay" | "cancel";

/** `/v1/tenants/{tenant}/deliveries`: events owed to endpoints, and what a person can do about one. */
export function addDeliveryRoutes(app: Api, ports: ApiPorts, access: Access): void {
  const { engine } = ports;
  const list = "/v1/tenants/:tenant/deliveries";
  const one = `${list}/:delivery`;
  const onWrite = access.tenant("events:write", "deliveries:write");
  const onRead = access.tenant("events:read", "deliveries:read");

  app.get(list, { onRequest: onRead, schema: { querystring: DeliveriesQuery } }, async (request) => {
    const tenant = tenantOf(request);
    const { cursor, limit = PAGE_LIMIT, state, endpoint, type, since, until } = request.query;
    const bound = ["deliveries", tenant.id, state, endpoint, type, since, until];
    const endpoints = await ports.endpoints.read(tenant);
    const { found, next } = await scan(ports, tenant, {
      state,
      endpoint: endpoint === undefined ? undefined : numberIn(ports, endpoints, { id: endpoint, tenant }),
      type: textFilter("type", type),
      range: { since: timeFilter("since", since), until: timeFilter("until", until) },
      endpoints,
      limit,
      from: cursor === undefined ? undefined : placeIn(ports, tenant, positionIn(bound, cursor)),
    });
    const show = createDeliveryViewer(ports, tenant, endpoints);
    const nextPosition =
      next && ports.ids.delivery({ shard: tenant.shard, offset: next.offset }, next.endpoint);
    return {
      data: await Promise.all(found.map(show)),
      next_cursor: nextPosition === undefined ? null : cursorOf(bound, nextPosition),
    };
  });

  app.get(one, { onRequest: onRead }, async (request) => {
    const id = pathParameter(request, "delivery");
    return (await readOne(ports, tenantOf(request), id)).view;
  });

  const commands: Readonly<Record<Command, Engine["retry"]>> = {
    retry: engine.retry,
    replay: engine.replay,
    cancel: engine.cancel,
  };
  for (const [name, command] of Object.entries(commands)) {
    app.post(`${one}/${name}`, { onRequest: onWrite }, async (request, reply) => {
      checkNoBody(request.body);
      const tenant = tenantOf(request);
      const id = pathParameter(request, "delivery");
      const { live } = await readOne(ports, tenant, id);
      checkResult(await command(tenant.shard, live));
      return reply.code(202).send((await readOne(ports, tenant, id)).view);
    });
  }
}

const REFUSALS: Readonly<Record<Exclude<CommandResult, "done">, ProblemCode>> = {
  settled: "delivery_settled",
  in_flight: "delivery_in_flight",
  in_batch: "delivery_in_batch",
  not_owed: "delivery_not_owed",
  erased: "event_erased",
  stopped: "endpoint_needs_attention",
};

function checkResult(result: CommandResult): void {
  if (result !== "done") {
    throw new Problem(REFUSALS[result], "Nothing was changed.");
  }
}

interface OneDelivery {
  readonly view: DeliveryView;
  readonly live: LiveDelivery;
}

/** Reads a delivery of the tenant by its id. Throws the Problem `not_found`, also for another tenant's. */
async function readOne(ports: ApiPorts, tenant: Tenant, id: string): Promise<OneDelivery> {
  const place = ports.ids.deliveryPlaceOf(id);
  const event =
    place === undefined || place.shard !== tenant.shard
      ? undefined
      : await ports.reader.readEvent(tenant.number, place.offset);
  if (place === undefined || event === undefined) {
    throw noSuch("delivery", id, tenant);
  }
  const { endpoint, offset } = place;
  const endpoints = await ports.endpoints.read(tenant);
  const query = { events: [event], endpoint, endpoints };
  const [delivery] = await readDeliveries(ports, query);
  if (delivery === undefined) {
    throw noSuch("delivery", id, tenant);
  }
  const view = await createDeliveryViewer(ports, tenant, endpoints)(delivery);
  return { view, live: { tenant: tenant.number, endpoint, offset } };
}

/**
 * Reads a filter that names an endpoint of the tenant. Throws the Problem `not_found`, also for another
 * tenant's.
 */
export async function endpointFilter(
  ports: ApiPorts,
  tenant: Tenant,
  id: string | undefined,
): Promise<number | undefined> {
  return id === undefined ? undefined : numberIn(ports, await ports.endpoints.read(tenant), { id, tenant });
}

function numberIn(
  { ids }: ApiPorts,
  endpoints: EndpointTable,
  { id, tenant }: { readonly id: string; readonly tenant: Tenant },
): number {
  const number = ids.endpointNumberOf(id);
  if (number === undefined || endpoints.find(number) === undefined) {
    throw noSuch("endpoint", id, tenant);
  }
  return number;
}

interface Place {
  readonly offset: Offset;
  readonly endpoint: number;
}

interface Scan {
  readonly state: DeliveryState | undefined;
  readonly endpoint: number | undefined;
  readonly type: string | undefined;
  /** When the event was accepted: from the one on, before the other. */
  readonly range: { readonly since: number | undefined; readonly until: number | undefined };
  readonly endpoints: EndpointTable;
  readonly limit: number;
  /** The last delivery the page before looked at. */
  readonly from: Place | undefined;
}

interface Scanned {
  readonly found: readonly Delivery[];
  /** The last delivery looked at; undefined if there are no more. */
  readonly next: Place | undefined;
}

/** Looks at deliveries from the newest event on, until the page is full or enough was looked at. */
async function scan(ports: ApiPorts, tenant: Tenant, asked: Scan): Promise<Scanned> {
  const { state, endpoint, endpoints, limit, from } = asked;
  const found: Delivery[] = [];
  let lookedAt = 0;
  let matched = 0;
  const atOnce = eventsAtOnce(endpoints.owedMax, state);
  const listEvents = await eventsFor(ports, tenant, { ...asked, limit: atOnce });
  // The event of the last delivery may have more, to older endpoints.
  let before = from === undefined ? Number.MAX_SAFE_INTEGER : from.offset + 1;
  for (;;) {
    const page = await listEvents(before);
    const query = { events: page.events.filter(isOfType(asked.type)), endpoint, endpoints };
    for (const delivery of await readDeliveries(ports, query)) {
      const place = { offset: delivery.event.offset, endpoint: delivery.endpoint };
      if (from !== undefined && place.offset === from.offset && place.endpoint >= from.endpoint) {
        continue;
      }
      lookedAt += 1;
      if (state === undefined || delivery.standing.state === state) {
        found.push(delivery);
      }
      if (found.length === limit || lookedAt === DELIVERIES_LOOKED_AT_MAX) {
        return { found, next: place };
      }
    }
    matched += page.events.length;
    if (page.next === undefined) {
      return { found, next: undefined };
    }
    before = page.next;
    if (page.events.length < atOnce || matched >= EVENTS_MATCHED_MAX) {
      // Below every endpoint of the last event: the next page starts with an older one.
      return { found, next: { offset: page.next, endpoint: 0 } };
    }
  }
}

function isOfType(type: string | undefined): (event: ListedEvent) => boolean {
  return (event) => type === undefined || event.type === type;
}

/** Returns what lists the events that may have deliveries which are asked for, below an offset. */
async function eventsFor(
  { reader, registry, contracts }: ApiPorts,
  { number: tenant }: Tenant,
  { state, endpoint: number, type, range: { since, until }, endpoints, limit }: Scan,
): Promise<(before: Offset) => Promise<EventPage>> {
  const bounds = { tenant, limit, scanMax: EVENTS_SCANNED_MAX };
  const from = since === undefined ? 0 : offsetAt(since);
  const end = until === undefined ? Number.MAX_SAFE_INTEGER : offsetAt(until);
  const below = (before: Offset) => ({ from, before: Math.min(before, end) });
  if (state === "dead") {
    return async (before) => await reader.listDead({ ...bounds, ...below(before), endpoint: number });
  }
  const endpoint = number === undefined ? undefined : endpoints.find(number);
  const isOwn = async () => {
    const sentTo = {
      tenant,
      endpoint: number,
      isOpen: false,
      before: undefined,
      limit: REPLAYS_LOOKED_AT_MAX,
    };
    const replays = await registry.listReplays(sentTo);
    return replays.length < sentTo.limit && replays.every(({ source }) => source === number);
  };
  // An endpoint has deliveries of the types that it was owed, and of what was replayed to it from others.
  const types =
    endpoint !== undefined && type === undefined && (await isOwn())
      ? typesOwedAfter({ endpoint, contract: contracts.get(endpoint.contract) }, 0)
      : undefined;
  const named = type === undefined ? { types } : { type };
  return async (before) => await reader.listEvents({ ...bounds, ...below(before), ...named });
}

/** How many events are read at a time, so that those of many endpoints are no more deliveries. */
function eventsAtOnce(owedMax: number, state: DeliveryState | undefined): number {
  const most = state === undefined ? EVENTS_AT_ONCE : EVENTS_OF_A_STATE_AT_ONCE;
  return Math.max(1, Math.min(most, Math.floor(DELIVERIES_LOOKED_AT_MAX / Math.max(1, owedMax))));
}

function placeIn({ ids }: ApiPorts, tenant: Tenant, position: string): Place {
  const place = ids.deliveryPlaceOf(position);
  if (place === undefined || place.shard !== tenant.shard) {
    throw wrongCursor();
  }
  return place;
}
