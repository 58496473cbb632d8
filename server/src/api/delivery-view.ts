import type { DeliveryState, LaneRow } from "../model/delivery.ts";
import { currentVersion } from "../model/endpoint.ts";
import { timeOfOffset } from "../model/offset.ts";
import type { Tenant } from "../model/tenant.ts";
import type { Delivery } from "./deliveries-of.ts";
import type { EndpointTable } from "./endpoint-table.ts";
import type { ApiPorts } from "./ports.ts";
import { timestampOf, timestampOrNull } from "./timestamp.ts";

/** A delivery as the API answers it. */
export interface DeliveryView {
  readonly id: string;
  readonly event_id: string;
  readonly type: string;
  readonly endpoint_id: string;
  readonly state: DeliveryState;
  /** Requests made. */
  readonly attempts: number;
  /** Not before; null when there is none to come, or nothing to wait for but its turn. */
  readonly next_attempt_at: string | null;
  /** Of its schedule, the next one among them, and how many that has; null when none is to come by it. */
  readonly retries_used: number | null;
  readonly retries_max: number | null;
  readonly reason: string | null;
  readonly accepted_at: string;
  readonly last_attempt_at: string | null;
}

interface Wait {
  readonly heldUntil: number | undefined;
  readonly reason: string | undefined;
  readonly batch: LaneRow["batch"];
}

/** Shows deliveries of one tenant; asks about each lane at most once, and only for what is not settled. */
export function createDeliveryViewer(ports: ApiPorts, tenant: Tenant, endpoints: EndpointTable) {
  const { ids, engine, reader } = ports;
  const waits = new Map<number, Promise<Wait>>();

  async function readWait(number: number): Promise<Wait> {
    const [lane] = await reader.readStoredLanes(tenant.number, [number]);
    const row = lane?.row;
    const view = engine.laneView(tenant.shard, number);
    const endpoint = endpoints.find(number);
    const isPaused = endpoint !== undefined && currentVersion(endpoint).state === "paused";
    const isHeld = view === undefined ? row?.hold !== undefined : view.heldSince !== undefined;
    // A lane that is not in memory may have been stopped by what is stored of it.
    const fault = endpoint?.fault ?? row?.fault;
    const isStopped = view?.needsAttention ?? fault !== undefined;
    const held =
      view === undefined
        ? { until: row?.hold?.until, reason: fault ?? row?.hold?.reason }
        : { until: view.nextProbeAt, reason: view.reason };
    return {
      heldUntil: isHeld ? held.until : undefined,
      reason: isPaused ? "paused" : isHeld || isStopped ? held.reason : undefined,
      batch: row?.batch,
    };
  }

  function waitOf(number: number): Promise<Wait> {
    const known = waits.get(number) ?? readWait(number);
    waits.set(number, known);
    return known;
  }

  function retriesMaxOf(number: number): number | undefined {
    const endpoint = endpoints.find(number);
    const { retry } = endpoint?.config ?? {};
    return (retry ?? ports.contracts.get(endpoint?.contract ?? "")?.defaults.retry)?.delaysMs.length;
  }

  return async ({
    event,
    endpoint,
    standing,
    attempts,
    lastAttemptAt,
    retry,
  }: Delivery): Promise<DeliveryView> => {
    const place = { shard: tenant.shard, offset: event.offset };
    const isOpen = standing.state === "pending" || standing.state === "retrying";
    const wait = isOpen ? await waitOf(endpoint) : undefined;
    const batch = wait?.batch?.offsets.includes(event.offset) === true ? wait.batch : undefined;
    const dueAt = latest(retry?.dueAt ?? batch?.dueAt, wait?.heldUntil);
    const used = isOpen ? (retry?.used ?? batch?.used) : undefined;
    return {
      id: ids.delivery(place, endpoint),
      event_id: ids.event(place),
      type: event.type,
      endpoint_id: ids.endpoint(endpoint),
      state: standing.state,
      attempts,
      next_attempt_at: isOpen ? timestampOrNull(dueAt) : null,
      retries_used: used ?? null,
      retries_max: used === undefined ? null : (retriesMaxOf(endpoint) ?? null),
      reason: standing.reason ?? wait?.reason ?? null,
      accepted_at: timestampOf(timeOfOffset(event.offset)),
      last_attempt_at: timestampOrNull(lastAttemptAt),
    };
  };
}

function latest(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined ? other : Math.max(one, other ?? one);
}
