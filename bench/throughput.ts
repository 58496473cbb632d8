import type { Measurement } from "./measurement.ts";
import type { Posthorn } from "./posthorn.ts";
import type { Receiver } from "./receiver.ts";
import { eventsBody } from "./sample.ts";

export interface Load {
  readonly deliveries: number;
  /** Events in one request. */
  readonly batch: number;
  /** Requests that are under way at once. */
  readonly callers: number;
}

interface CreatedEndpoint {
  readonly id: string;
  readonly secret: string;
}

/** An endpoint of a tenant of its own. */
export interface Lane {
  readonly eventsPath: string;
  readonly secret: string;
}

export async function createLane(
  posthorn: Posthorn,
  { tenant, url, maxInFlight }: { tenant: string; url: string; maxInFlight: number },
): Promise<Lane> {
  await posthorn.post("/v1/tenants", { id: tenant, name: tenant });
  const path = `/v1/tenants/${tenant}`;
  const { secret } = await posthorn.post<CreatedEndpoint>(`${path}/endpoints`, {
    url,
    max_in_flight: maxInFlight,
  });
  return { eventsPath: `${path}/events`, secret };
}

/**
 * Measures from the first event posted to the last delivery verified: every event is accepted durably, and
 * every attempt is logged.
 */
export async function measureThroughput(
  { posthorn, receiver, lane }: { posthorn: Posthorn; receiver: Receiver; lane: Lane },
  { deliveries, batch, callers }: Load,
): Promise<Measurement> {
  const { complete } = await receiver.expect({ kind: "expect", distinct: deliveries, secret: lane.secret });
  const body = eventsBody(batch);
  let left = deliveries / batch;
  const call = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await posthorn.post(lane.eventsPath, body);
    }
  };
  const startedAt = performance.now();
  const cpuMsBefore = posthorn.cpuMs();
  await Promise.all(Array.from({ length: callers }, call));
  const { refused, requests, distinct } = await complete;
  const seconds = (performance.now() - startedAt) / 1000;
  if (refused > 0 || requests !== distinct) {
    throw new Error(
      `each delivery comes once and verified: ${refused} refused, ${requests - distinct} repeated`,
    );
  }
  return { deliveries, seconds, cpuMs: posthorn.cpuMs() - cpuMsBefore };
}
