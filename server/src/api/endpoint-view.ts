import type { Contract } from "@posthorn/contracts/contract";
import type { LaneView } from "../engine/engine.ts";
import { HANDSHAKE } from "../engine/hold-end.ts";
import { typesOwedAfter, wasOwed } from "../engine/owed.ts";
import type { Gap, LaneRow } from "../model/delivery.ts";
import { abandonedUpTo, currentVersion, type Endpoint } from "../model/endpoint.ts";
import type { Offset } from "../model/offset.ts";
import { isLive } from "../model/secret.ts";
import type { Tenant } from "../model/tenant.ts";
import type { StoredLane } from "../reader.ts";
import { type Caller, hasScope } from "./caller.ts";
import { countChosen, missedIn, readMissedGaps } from "./chosen-events.ts";
import type { ApiPorts } from "./ports.ts";
import { timestampOf, timestampOrNull } from "./timestamp.ts";

export interface LaneStatus {
  /** Undefined: the contract is not there any more. */
  readonly discipline: Contract["discipline"] | null;
  /** Whether the lane goes on once its head is skipped. */
  readonly is_skippable: boolean;
  readonly waiting: number;
  /** There are more than were counted. */
  readonly waiting_is_at_least?: true;
  /** Another node delivers to the endpoint: this is what it has stored, and may be a moment old. */
  readonly as_stored?: true;
  /** A fault stopped the lane; `reason` says which. */
  readonly needs_attention: boolean;
  readonly held_since: string | null;
  readonly reason: string | null;
  readonly next_probe_at: string | null;
  /** Every request since has failed. */
  readonly failing_since: string | null;
}

export interface MissedStatus {
  readonly missed: number;
  /** There is more than was looked at. */
  readonly missed_is_at_least?: true;
}

// Counting is for a person who looks; beyond this it says "at least".
const EVENTS_COUNTED_MAX = 1000;

/** Stands for what a header of an endpoint says. No header can say it: sent back, it is refused. */
const WITHHELD = "…";

/**
 * Shows an endpoint as the API answers it: of its secrets, which there are and what is public of them; of its
 * own headers, where its receiver's keys are put, what they say only to whoever could change it.
 */
export function endpointView(
  endpoint: Endpoint,
  { ids, clock }: Pick<ApiPorts, "ids" | "clock">,
  caller: Caller,
) {
  const { number, contract, config, createdAt, updatedAt } = endpoint;
  const secrets = endpoint.secrets.filter((secret) => isLive(secret, clock.now()));
  const { state, reason, eventTypes } = currentVersion(endpoint);
  const { retry } = config;
  return {
    id: ids.endpoint(number),
    url: config.url,
    contract,
    event_types: eventTypes ?? null,
    description: config.description ?? null,
    // A paused endpoint is still owed what comes: sending this back must not disable it.
    enabled: state === "enabled" || state === "paused",
    state,
    state_reason: reason ?? null,
    headers: hasScope(caller, "endpoints:write") ? config.headers : withheld(config.headers),
    max_in_flight: config.maxInFlight ?? null,
    rate_per_second: config.ratePerSecond ?? null,
    latest_only_by: config.latestOnlyBy ?? null,
    timeout_ms: config.timeoutMs ?? null,
    retry: retry === undefined ? null : { delays_ms: retry.delaysMs, jitter: retry.jitter },
    metadata: config.metadata,
    settings: config.settings,
    secrets: secrets.map(({ createdAt: since, expiresAt }) => ({
      created_at: timestampOf(since),
      expires_at: timestampOrNull(expiresAt),
    })),
    public_key: secrets[0]?.publicKey ?? null,
    created_at: timestampOf(createdAt),
    updated_at: timestampOf(updatedAt),
  };
}

function withheld(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, WITHHELD]));
}

/** How far one counts. */
export interface Counting {
  /** Events looked at for each of an endpoint's counts, at most. */
  readonly lookedAtMax: number;
  /** Where so many are known to wait, what the log has beyond them is not looked at. Default: it is. */
  readonly knownMax?: number;
}

export interface StatusQuery {
  readonly tenant: Tenant;
  readonly endpoints: readonly Endpoint[];
  readonly counting: Counting;
}

/**
 * Reads how the deliveries of some endpoints of a tenant are going, each in its place: what is stored of
 * their lanes at once, and one after the other what must be counted.
 */
export async function readStatuses(ports: ApiPorts, { tenant, endpoints, counting }: StatusQuery) {
  const numbers = endpoints.map(({ number }) => number);
  // Before what is stored: what a lane is done with meanwhile may count twice, and not be passed over.
  const views = numbers.map((number) => ports.engine.laneView(tenant.shard, number));
  const lanes = await ports.reader.readStoredLanes(tenant.number, numbers);
  const gaps = Map.groupBy(await readMissedGaps(ports, tenant.number, numbers), ({ endpoint }) => endpoint);
  const isOwedMore = ports.engine.owns(tenant.shard)
    ? undefined
    : await findOwedMore(ports, { tenant, counting }, lanes);
  const statuses = [];
  for (const [place, endpoint] of endpoints.entries()) {
    const stored = lanes[place];
    if (stored === undefined) {
      throw new Error(`what is stored of the lane of endpoint ${endpoint.number} was read`);
    }
    const known = { tenant, endpoint, view: views[place], stored, isOwedMore };
    statuses.push({
      lane: await readLaneStatus(ports, known, counting),
      ...(await readMissed(ports, { endpoint, gaps: gaps.get(endpoint.number) ?? [] }, counting)),
    });
  }
  return statuses;
}

/**
 * Looks once at what a tenant has beyond the checkpoint of another node, and says of an endpoint whose lane
 * has no row whether any of that may wait for it: most of a page have nothing to count. Undefined: it may.
 */
async function findOwedMore(
  { reader, contracts }: ApiPorts,
  { tenant, counting: { lookedAtMax } }: Omit<StatusQuery, "endpoints">,
  lanes: readonly StoredLane[],
): Promise<((endpoint: Endpoint) => boolean) | undefined> {
  const [first, ...others] = lanes.filter(({ row }) => row === undefined);
  if (first === undefined || others.length === 0) {
    return undefined;
  }
  const beyond = { from: first.checkpoint + 1, isOldestFirst: true };
  const looks = { limit: lookedAtMax, scanMax: lookedAtMax };
  const { events, next } = await reader.listEvents({ tenant: tenant.number, ...beyond, ...looks });
  return next === undefined
    ? (endpoint) => {
        const owing = { endpoint, contract: contracts.get(endpoint.contract) };
        return events.some((event) => wasOwed(owing, event));
      }
    : undefined;
}

/** Reads how one endpoint's deliveries are going, for a person who looks at it alone. */
export async function readStatus(ports: ApiPorts, tenant: Tenant, endpoint: Endpoint) {
  const counting = { lookedAtMax: EVENTS_COUNTED_MAX };
  const [status] = await readStatuses(ports, { tenant, endpoints: [endpoint], counting });
  return status;
}

interface KnownLane {
  readonly tenant: Tenant;
  readonly endpoint: Endpoint;
  /** What the engine knows of it. */
  readonly view: LaneView | undefined;
  readonly stored: StoredLane;
  /** Whether something may wait for it beyond the checkpoint. Undefined: that is not known. */
  readonly isOwedMore: ((endpoint: Endpoint) => boolean) | undefined;
}

/** Says what an endpoint's lane does: by the engine where it knows the lane, else by what is stored. */
async function readLaneStatus(
  ports: ApiPorts,
  { tenant, endpoint, view, stored, isOwedMore }: KnownLane,
  { lookedAtMax, knownMax = Infinity }: Counting,
): Promise<LaneStatus> {
  const isElsewhere = !ports.engine.owns(tenant.shard);
  const { row, failingSince } = stored;
  // An idle lane that is not in memory has nothing to do; of another node's memory nothing is known.
  const { waiting, behindAfter } = view ?? waitingBy(row, isElsewhere ? stored.checkpoint : undefined);
  // One that is becoming a retry is stored as one a little before memory knows, and counts once.
  const known = waiting + (view?.retries ?? stored.retries);
  const isNothingBeyond = row === undefined && isOwedMore?.(endpoint) === false;
  const { count, isPartial } =
    behindAfter === undefined || isNothingBeyond
      ? NOTHING
      : known >= knownMax
        ? NOT_COUNTED
        : await countOwed(ports, { endpoint, after: behindAfter, scanMax: lookedAtMax });
  const hold = holdOf(view, row, endpoint.fault);
  const discipline = ports.contracts.get(endpoint.contract)?.discipline;
  const isWaitedFor = currentVersion(endpoint).state === "enabled" && known + count > 0;
  return {
    discipline: discipline ?? null,
    is_skippable: isWaitedFor && isSkippable(hold, discipline),
    waiting: known + count,
    ...(isPartial ? { waiting_is_at_least: true } : {}),
    ...(isElsewhere ? { as_stored: true } : {}),
    ...hold,
    failing_since: timestampOrNull(failingSince),
  };
}

const NOTHING = { count: 0, isPartial: false };
const NOT_COUNTED = { count: 0, isPartial: true };

/** Whether an enabled lane waits for something else than its turn: a probe, a retry, or a person. */
export async function isHeldUp(ports: ApiPorts, tenant: Tenant, endpoint: Endpoint): Promise<boolean> {
  if (currentVersion(endpoint).state !== "enabled") {
    return false;
  }
  const [stored] = await ports.reader.readStoredLanes(tenant.number, [endpoint.number]);
  const hold = holdOf(ports.engine.laneView(tenant.shard, endpoint.number), stored?.row, endpoint.fault);
  return hold.needs_attention || hold.next_probe_at !== null || hold.held_since !== null;
}

/** Reads how much an endpoint missed while it was disabled, or skipped: what `recover` would deliver. */
async function readMissed(
  ports: ApiPorts,
  { endpoint, gaps }: { readonly endpoint: Endpoint; readonly gaps: readonly Gap[] },
  { lookedAtMax: scanMax }: Counting,
): Promise<MissedStatus> {
  const ranges = missedIn(gaps, endpoint);
  const choice = { only: "missed", types: undefined } as const;
  const { count, isPartial } = await countChosen(ports, {
    endpoint,
    ranges,
    choice,
    scanMax,
  });
  return { missed: count, ...(isPartial ? { missed_is_at_least: true } : {}) };
}

/**
 * What a row tells of a lane: its frozen batch, and that the events after that are still to be read; without
 * a row, those after `otherwise` are.
 */
function waitingBy(
  row: LaneRow | undefined,
  otherwise: Offset | undefined,
): Pick<LaneView, "waiting" | "behindAfter"> {
  const batch = row?.batch?.offsets ?? [];
  return { waiting: batch.length, behindAfter: batch.at(-1) ?? row?.position ?? otherwise };
}

/** Counts what an endpoint is owed after an offset, by the versions in force when it was accepted. */
async function countOwed(
  { reader, contracts }: ApiPorts,
  { endpoint, after, scanMax }: { endpoint: Endpoint; after: Offset; scanMax: number },
): Promise<{ readonly count: number; readonly isPartial: boolean }> {
  const owing = { endpoint, contract: contracts.get(endpoint.contract) };
  const from = Math.max(after, abandonedUpTo(endpoint));
  const { events, isPartial } = await reader.listUnsettled({
    tenant: endpoint.tenant,
    types: typesOwedAfter(owing, from),
    endpoint: endpoint.number,
    after: from,
    scanMax,
  });
  return { count: events.filter((event) => wasOwed(owing, event)).length, isPartial };
}

type HoldStatus = Pick<LaneStatus, "needs_attention" | "held_since" | "reason" | "next_probe_at">;

/** Whether what holds a lane up goes with its head. */
export function isSkippable(hold: HoldStatus, discipline: LaneStatus["discipline"] | undefined): boolean {
  // Where each goes by itself there is no head.
  if (discipline !== "ordered" && discipline !== "batched") {
    return false;
  }
  // What greets the receiver is not of its head, and is tried again whatever is skipped.
  if (hold.reason?.startsWith(HANDSHAKE) === true) {
    return false;
  }
  // A fault of the endpoint itself stays when its head is gone; one at making this request does not.
  return hold.needs_attention
    ? hold.reason?.startsWith("contract_request_") === true
    : hold.held_since !== null;
}

function holdOf(
  view: LaneView | undefined,
  row: LaneRow | undefined,
  endpointFault: string | undefined,
): HoldStatus {
  if (view !== undefined) {
    return {
      needs_attention: view.needsAttention,
      held_since: timestampOrNull(view.heldSince),
      reason: view.reason ?? null,
      next_probe_at: timestampOrNull(view.nextProbeAt),
    };
  }
  const fault = endpointFault ?? row?.fault;
  return {
    needs_attention: fault !== undefined,
    held_since: timestampOrNull(row?.hold?.since),
    reason: fault ?? row?.hold?.reason ?? row?.batch?.reason ?? null,
    next_probe_at: timestampOrNull(row?.hold?.until ?? row?.batch?.dueAt),
  };
}
