/** Routes, events and a clock for the tests of the engine's parts. */
import { type Contract, type Discipline, defineContract, type Handshake } from "@posthorn/contracts/contract";
import type { Clock } from "../clock.ts";
import {
  DEFAULT_CONFIG,
  type Endpoint,
  type EndpointConfig,
  type EndpointState,
  type EndpointVersion,
} from "../model/endpoint.ts";
import type { StoredEvent } from "../model/event.ts";
import type { RangeReplay } from "../model/range-replay.ts";
import type { Tenant } from "../model/tenant.ts";
import type { OperationalEvents } from "../operational-events.ts";
import type { TakenLease } from "../store.ts";
import type { Policy, Route } from "./routes.ts";

export const TENANT: Tenant = {
  number: 1,
  id: "ten_1",
  name: "One",
  contract: undefined,
  shard: 0,
  createdAt: 0,
  validation: "off",
  eventTypesRevision: 0,
  retention: {},
};

/** A lease that was just taken, of a log in which nothing has happened yet. */
export function takenLease(change: Partial<TakenLease> = {}): TakenLease {
  return {
    id: 0,
    epoch: 1,
    leaseMs: undefined,
    checkpoint: 0,
    changesApplied: 0,
    replays: 0,
    directoryTo: 0,
    countedTo: 0,
    ...change,
  };
}

const BATCH = { eventsMax: 3, bytesMax: 1000, waitMs: 200 };

/** A handshake that accepts 200 and refuses the rest. */
export const HANDSHAKE: Handshake = {
  everyMs: 60_000,
  request: ({ url }, { id }) => ({
    kind: "request",
    method: "OPTIONS",
    url,
    headers: { "x-greeting": id },
    payload: new Uint8Array(),
  }),
  reception: ({ answer }) =>
    answer.kind === "status" && answer.status === 200
      ? { kind: "accepted" }
      : { kind: "refused", reason: "not_200" },
};

/** A contract of a discipline that delivers everything. */
export function contractOf(discipline: Discipline, handshake?: Handshake): Contract {
  return defineContract({
    name: discipline,
    discipline,
    catalogue: { kind: "open", eventTypes: [] },
    defaults: {
      timeoutMs: 1000,
      maxInFlight: 2,
      retry: { delaysMs: [1000], jitter: 0 },
      hold: { firstMs: 1000, maxMs: 8000, jitter: 0 },
    },
    request: ({ url }, events) => ({
      kind: "request",
      url,
      headers: {},
      payload: new TextEncoder().encode(events.map(({ id }) => id).join()),
    }),
    verdict: () => ({ kind: "delivered" }),
    ...(discipline === "batched" ? { batchLimits: () => BATCH } : {}),
    ...(handshake === undefined ? {} : { handshake }),
    makeSecret: () => undefined,
    checkEndpoint: () => [],
  });
}

/** An operator who is told nothing. */
export const NOTHING_TOLD: OperationalEvents = {
  endpointDisabled: () => undefined,
  endpointHeld: () => undefined,
  endpointRecovered: () => undefined,
  deliveryDead: () => undefined,
};

export function endpointOf(versions: readonly Partial<EndpointVersion>[] = [{}], number = 1): Endpoint {
  return {
    number,
    tenant: TENANT.number,
    contract: "each",
    config: { url: "https://receiver.test/", ...DEFAULT_CONFIG },
    secrets: [],
    versions: versions.map((version, index) => ({
      since: index + 1,
      change: index + 1,
      state: "enabled",
      reason: undefined,
      eventTypes: undefined,
      ...version,
    })),
    createdAt: 0,
    updatedAt: 0,
  };
}

export interface RouteOptions {
  readonly state?: EndpointState;
  readonly policy?: Partial<Policy>;
  readonly fault?: string;
  readonly handshake?: Handshake;
  readonly config?: Partial<EndpointConfig>;
}

export function routeOf(
  discipline: Discipline,
  { state = "enabled", policy, fault, handshake, config }: RouteOptions = {},
): Route {
  const contract = contractOf(discipline, handshake);
  const known = endpointOf();
  const endpoint = { ...known, config: { ...known.config, ...config } };
  return {
    endpoint,
    tenant: TENANT,
    contract,
    state,
    abandonedTo: 0,
    view: { id: "ep_1", tenantId: TENANT.id, url: endpoint.config.url, settings: {} },
    secrets: [],
    policy: {
      timeoutMs: 1000,
      maxInFlight: discipline === "each" ? 2 : 1,
      retry: contract.defaults.retry,
      hold: contract.defaults.hold,
      disableAfterMs: undefined,
      batch: discipline === "batched" ? BATCH : undefined,
      paceMs: 0,
      ...policy,
    },
    fault,
  };
}

export function eventAt(offset: number, event: Partial<StoredEvent> = {}): StoredEvent {
  return {
    offset,
    tenant: TENANT.number,
    type: "order.paid",
    subject: undefined,
    occurredAt: 0,
    data: new TextEncoder().encode("{}"),
    expiresAt: undefined,
    to: undefined,
    extensions: undefined,
    ...event,
  };
}

/** A replay of a range that goes on, with nothing of it in the store. */
export function replayOf(number: number, change: Partial<RangeReplay> = {}) {
  const progress = { position: 0, lookedAt: 0, chosen: 0, passedOver: 0, delivered: 0, failed: 0 };
  return {
    tenant: 1,
    source: 1,
    endpoint: 1,
    from: 1,
    to: 100,
    only: "all",
    types: undefined,
    ratePerSecond: undefined,
    createdAt: 0,
    number,
    changes: 0,
    wish: "run",
    progress,
    ended: undefined,
    waiting: 0,
    ...change,
  } as const;
}

/** A clock that stands still until it is moved; what is due rings then, in order. */
export interface ManualClock extends Clock {
  pass(ms: number): void;
  /** Sets the wall clock forward; no time passes. */
  jump(ms: number): void;
}

export function createManualClock(startMs = 1_767_225_600_000): ManualClock {
  const waiting = new Set<{ readonly at: number; readonly ring: () => void }>();
  let elapsed = 0;
  let jumped = 0;
  return {
    now: () => startMs + jumped + elapsed,
    monotonic: () => elapsed,
    after(delayMs, ring) {
      const timer = { at: elapsed + Math.max(0, delayMs), ring };
      waiting.add(timer);
      return { cancel: () => void waiting.delete(timer) };
    },
    jump(ms) {
      jumped += ms;
    },
    pass(ms) {
      const until = elapsed + ms;
      for (;;) {
        const [next] = [...waiting].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
        if (next === undefined) {
          elapsed = until;
          return;
        }
        elapsed = next.at;
        waiting.delete(next);
        next.ring();
      }
    },
  };
}
