import { Type } from "typebox";
import type { Standing } from "../../engine/engine.ts";
import {
  ALL_TENANTS,
  type Counts,
  HOUR_SECONDS,
  MINUTE_SECONDS,
  MINUTES_KEPT_MS,
  quantileMs,
  type StatSeconds,
  startOf,
  sumOf,
} from "../../model/stat.ts";
import { type Access, tenantOf } from "../access.ts";
import { timeFilter, wrongFilter } from "../filters.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { timestampOf, timestampOrNull } from "../timestamp.ts";

const RESOLUTIONS = { minute: MINUTE_SECONDS, hour: HOUR_SECONDS } as const;

const StatsQuery = Type.Object(
  {
    since: Type.Optional(
      Type.String({
        maxLength: 64,
        description: "What happened at or after it. Default: an hour before `until`.",
      }),
    ),
    until: Type.Optional(Type.String({ maxLength: 64, description: "And before it. Default: now." })),
    resolution: Type.Optional(
      Type.Enum(["minute", "hour"], {
        description:
          "Minutes are kept for seven hours. Default: `minute` where `since` is within them, else `hour`.",
      }),
    ),
  },
  { additionalProperties: false },
);

interface StatsFilters {
  readonly since?: string;
  readonly until?: string;
  readonly resolution?: "minute" | "hour";
}

const HOUR_MS = HOUR_SECONDS * 1000;

/** More than all the hours that are kept. */
const POINTS_MAX = 10_000;

/**
 * `/v1/tenants/{tenant}/stats` and `/v1/stats`: what was accepted and what became of it, by the minute or by
 * the hour; and below each what waits and is on its way now.
 */
export function addStatRoutes(app: Api, ports: ApiPorts, access: Access): void {
  const { engine } = ports;
  const schema = { querystring: StatsQuery };
  const onRead = access.tenant("deliveries:read", "events:read");

  app.get("/v1/tenants/:tenant/stats", { onRequest: onRead, schema }, async (request) =>
    readStats(ports, tenantOf(request).number, request.query),
  );
  app.get("/v1/tenants/:tenant/stats/now", { onRequest: onRead }, async (request) => {
    const { shard, number } = tenantOf(request);
    return standingView(await engine.standing(shard, number));
  });
  app.get("/v1/stats", { onRequest: access.admin, schema }, async (request) =>
    readStats(ports, ALL_TENANTS, request.query),
  );
  app.get("/v1/stats/now", { onRequest: access.admin }, async () => ({
    ...standingView(engine.stats()),
    // Other nodes know what is on its way from them.
    ...(engine.ownsAll() ? {} : { is_partial: true }),
  }));
}

async function readStats({ reader, clock }: ApiPorts, tenant: number, filters: StatsFilters) {
  const now = clock.now();
  const to = timeFilter("until", filters.until) ?? now;
  const since = timeFilter("since", filters.since) ?? to - HOUR_MS;
  const resolution = filters.resolution ?? (since >= now - MINUTES_KEPT_MS ? "minute" : "hour");
  const seconds = RESOLUTIONS[resolution];
  const from = startOf(since, seconds);
  checkRange({ from, to, seconds });
  const points = await reader.readStats({ tenant, seconds, from, to });
  return {
    since: timestampOf(from),
    until: timestampOf(to),
    resolution,
    total: countsView(sumOf(points.map(({ counts }) => counts))),
    points: points.map(({ at, counts }) => ({ at: timestampOf(at), ...countsView(counts) })),
  };
}

function checkRange({ from, to, seconds }: { from: number; to: number; seconds: StatSeconds }): void {
  if (from >= to) {
    throw wrongFilter("since", "must be before `until`");
  }
  if ((to - from) / (seconds * 1000) > POINTS_MAX) {
    throw wrongFilter("since", `must be at most ${POINTS_MAX} of its resolution before \`until\``);
  }
}

function countsView(counts: Counts) {
  return {
    accepted: counts.accepted,
    first_tried: counts.firstTried,
    delivered: counts.deliveredFirst + counts.deliveredLater,
    delivered_first_try: counts.deliveredFirst,
    rejected: counts.rejected,
    dead: counts.dead,
    replayed: counts.replayed,
    attempts: counts.attempts,
    attempts_failed: counts.attemptsFailed,
    accepted_to_delivered: {
      p50_ms: roundedMs(quantileMs(counts, 0.5)),
      p95_ms: roundedMs(quantileMs(counts, 0.95)),
      p99_ms: roundedMs(quantileMs(counts, 0.99)),
    },
  };
}

function roundedMs(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms * 10) / 10;
}

function standingView(standing: Standing) {
  return {
    in_flight: standing.inFlight,
    deliveries_waiting_at_least: standing.deliveriesWaiting,
    endpoints_waiting: standing.endpointsWaiting,
    lanes_held: standing.lanesHeld,
    lanes_stopped: standing.lanesStopped,
    oldest_due_at: timestampOrNull(standing.oldestDueAt),
  };
}
