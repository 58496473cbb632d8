import type { Measurement } from "../server/src/cli/bench/measurement.ts";
import { eventsBody } from "../server/src/cli/bench/sample.ts";
import type { Posthorn } from "./posthorn.ts";
import type { Counted } from "./protocol.ts";
import type { Receiver } from "./receiver.ts";

export interface Load {
  readonly deliveries: number;
  /** Events in one request. */
  readonly batch: number;
  /** Requests that are under way at once. */
  readonly callers: number;
  /** Whether every event has an idempotency key of its own. Default: false. */
  readonly keyed?: boolean;
}

/** Endpoints of one tenant, all of which want every event. */
export interface Lane {
  readonly tenantPath: string;
  readonly endpoints: readonly CreatedEndpoint[];
  /** How the receiver counts what comes. */
  readonly count: Counted;
}

export interface CreatedEndpoint {
  readonly id: string;
  readonly secret: string;
}

export interface LaneOptions {
  readonly tenant: string;
  readonly url: string;
  /** In flight at once to one endpoint. */
  readonly maxInFlight: number;
  /** Default: 1. */
  readonly endpoints?: number;
  /** Default: `standard`. */
  readonly contract?: "cloudevents-batch";
}

const ENDPOINTS_AT_ONCE = 64;

export async function createLane(posthorn: Posthorn, options: LaneOptions): Promise<Lane> {
  const { tenant, url, maxInFlight, endpoints: count = 1, contract = "standard" } = options;
  await posthorn.post("/v1/tenants", { id: tenant, name: tenant });
  const tenantPath = `/v1/tenants/${tenant}`;
  const body = { contract, max_in_flight: contract === "standard" ? maxInFlight : undefined };
  const endpoints: CreatedEndpoint[] = [];
  let next = 0;
  const create = async (): Promise<void> => {
    while (next < count) {
      const number = next;
      next += 1;
      endpoints.push(await posthorn.post(`${tenantPath}/endpoints`, { ...body, url: `${url}${number}` }));
    }
  };
  await Promise.all(Array.from({ length: Math.min(ENDPOINTS_AT_ONCE, count) }, create));
  const counted = count > 1 ? "ids by path" : contract === "standard" ? "ids" : "events in batches";
  return { tenantPath, endpoints, count: counted };
}

/** What measures one another: a server, a receiver, and the lane from one to the other. */
export interface Parts {
  readonly posthorn: Posthorn;
  readonly receiver: Receiver;
  readonly lane: Lane;
}

/**
 * Measures from the first event posted to the last delivery verified: every event is accepted durably, and
 * every attempt is logged.
 */
export async function measureThroughput(parts: Parts, load: Load): Promise<Measurement> {
  const { posthorn, receiver, lane } = parts;
  const { deliveries } = load;
  const [endpoint] = lane.endpoints;
  const secret = lane.count === "ids" ? endpoint?.secret : undefined;
  const { complete } = await receiver.expect({ count: lane.count, number: deliveries, secret });
  const startedAt = performance.now();
  const cpuMsBefore = posthorn.cpuMs();
  await postEvents(parts, load, deliveries / lane.endpoints.length);
  const { refused, counted, distinct } = await complete;
  const seconds = (performance.now() - startedAt) / 1000;
  if (refused > 0 || counted !== distinct) {
    throw new Error(
      `each delivery comes once and verified: ${refused} refused, ${counted - distinct} repeated`,
    );
  }
  return { deliveries, seconds, cpuMs: posthorn.cpuMs() - cpuMsBefore };
}

/** Posts so many events, and resolves when all are accepted. */
export async function postEvents(
  { posthorn, lane }: Pick<Parts, "posthorn" | "lane">,
  { batch, callers, keyed = false }: Omit<Load, "deliveries">,
  events: number,
): Promise<void> {
  const same = eventsBody(batch);
  let left = events / batch;
  const call = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await posthorn.post(`${lane.tenantPath}/events`, keyed ? eventsBody(batch, newKey) : same);
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
}

let keys = 0;

function newKey(): string {
  keys += 1;
  return `key-${keys}`;
}
