import type { FastifyReply, FastifyRequest } from "fastify";
import { type Static, Type } from "typebox";
import { LIVE_KINDS } from "../../live.ts";
import type { LiveFilter } from "../../live-hub.ts";
import { DELIVERY_STATES } from "../../model/delivery.ts";
import { Problem } from "../../problem.ts";
import { type Access, tenantOf } from "../access.ts";
import { textFilter, wrongFilter } from "../filters.ts";
import { createLiveStream, type LiveStream, placeOfId } from "../live-stream.ts";
import { liveView } from "../live-view.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { endpointFilter } from "./deliveries.ts";

const listOf = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 1024, description }));

const StreamQuery = Type.Object(
  {
    kinds: listOf(`Of what, with commas: ${LIVE_KINDS.join(", ")}. Default: all.`),
    types: listOf("Of which event types: names, or globs, with commas. Lanes and gaps have none."),
    states: listOf(`Deliveries that come to these states: ${DELIVERY_STATES.join(", ")}. Nothing else.`),
    endpoint: Type.Optional(Type.String({ maxLength: 64, description: "Of one endpoint. No events." })),
  },
  { additionalProperties: false },
);

/** Streams at a time, each of which costs a connection and what its reader has not taken. */
const STREAMS_MAX = 200;
const STREAMS_PER_TENANT_MAX = 20;
/** However many tenants watch, an administrator can. */
const STREAMS_OF_TENANTS_MAX = 180;
const LIST_MAX = 50;
/** What answers HEAD would open a stream that nobody reads, and that no connection's end ends. */
const ONLY_GET = { exposeHeadRoute: false } as const;
// Shorter than what most proxies let a connection live.
const STREAM_MS_MAX = 15 * 60_000;

/**
 * `/v1/tenants/{tenant}/stream`, and `/v1/stream` of all tenants: what happens, as server-sent events, as it
 * becomes durable. No message holds what an event says, or what a receiver answered.
 */
export function addStreamRoutes(app: Api, ports: ApiPorts, access: Access): void {
  /** With the tenant's number; undefined: of all tenants. */
  const open = new Map<LiveStream, number | undefined>();
  const schema = { querystring: StreamQuery };

  // Nobody watches a process that ends: whoever does finds another.
  app.addHook("preClose", async () => {
    [...open.keys()].forEach(({ end }) => end());
  });

  function checkRoom(tenant: number | undefined): void {
    const ofTenants = [...open.values()].filter((whose) => whose !== undefined);
    const ofTenant = ofTenants.filter((whose) => whose === tenant);
    const isFull =
      open.size >= STREAMS_MAX ||
      (tenant !== undefined && ofTenants.length >= STREAMS_OF_TENANTS_MAX) ||
      ofTenant.length >= STREAMS_PER_TENANT_MAX;
    if (isFull) {
      throw new Problem("rate_limited", "As many streams as may be are open; end one, or come later.");
    }
  }

  /** A key that was revoked, or is over, opens nothing any more. */
  async function isKeyValid(request: FastifyRequest): Promise<boolean> {
    try {
      await access.callerIn(request);
      return true;
    } catch (error) {
      return !(error instanceof Problem && error.code === "unauthorized");
    }
  }

  function begin(request: FastifyRequest, reply: FastifyReply, filter: LiveFilter): FastifyReply {
    checkRoom(filter.tenant);
    const lastId = request.headers["last-event-id"];
    const { live, clock, streamMsMax = STREAM_MS_MAX } = ports;
    const stream = createLiveStream({
      live,
      clock,
      streamMsMax,
      filter,
      after: typeof lastId === "string" && lastId !== "" ? (placeOfId(lastId) ?? NOWHERE) : undefined,
      show: (fact) => liveView(ports, fact),
      mayGoOn: async () => await isKeyValid(request),
      onEnd: () => open.delete(stream),
    });
    open.set(stream, filter.tenant);
    return reply
      .header("content-type", "text/event-stream; charset=utf-8")
      .header("x-accel-buffering", "no")
      .send(stream.readable);
  }

  const path = "/v1/tenants/:tenant/stream";
  app.get(
    path,
    { onRequest: access.tenant("events:read", "deliveries:read"), ...ONLY_GET, schema },
    async (request, reply) => {
      const tenant = tenantOf(request);
      const { endpoint: id } = request.query;
      const endpoint = await endpointFilter(ports, tenant, id);
      return begin(request, reply, { ...filterOf(request.query), tenant: tenant.number, endpoint });
    },
  );

  app.get("/v1/stream", { onRequest: access.admin, ...ONLY_GET, schema }, (request, reply) => {
    const { endpoint: id } = request.query;
    const endpoint = id === undefined ? undefined : ports.ids.endpointNumberOf(id);
    if (id !== undefined && endpoint === undefined) {
      throw wrongFilter("endpoint", "must be the id of an endpoint");
    }
    return begin(request, reply, { ...filterOf(request.query), tenant: undefined, endpoint });
  });
}

/** What is no id of ours is a place that nobody knows: its reader has missed something. */
const NOWHERE = { life: "", number: 0 };

function filterOf({
  kinds,
  types,
  states,
}: Static<typeof StreamQuery>): Pick<LiveFilter, "kinds" | "types" | "states"> {
  return {
    kinds: oneOrMoreOf("kinds", LIVE_KINDS, kinds),
    types: listIn("types", textFilter("types", types)),
    states: oneOrMoreOf("states", DELIVERY_STATES, states),
  };
}

function oneOrMoreOf<Value extends string>(
  name: string,
  values: readonly Value[],
  text: string | undefined,
): readonly Value[] | undefined {
  return listIn(name, text)?.map((given) => {
    const found = values.find((value) => value === given);
    if (found === undefined) {
      throw wrongFilter(name, `must be of ${values.join(", ")}, with commas between`);
    }
    return found;
  });
}

function listIn(name: string, text: string | undefined): readonly string[] | undefined {
  const list = text?.split(",").map((part) => part.trim());
  if (list !== undefined && (list.length > LIST_MAX || list.includes(""))) {
    throw wrongFilter(name, `must be 1 to ${LIST_MAX} of them, with commas between`);
  }
  return list;
}
