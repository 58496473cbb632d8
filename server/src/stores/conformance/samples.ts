import { emptyFacts, type Facts } from "../../facts.ts";
import type { Attempt, DeadLetter, Gap, LaneRow, Replay, Retry } from "../../model/delivery.ts";
import { DEFAULT_CONFIG, type EndpointConfig } from "../../model/endpoint.ts";
import type { IdempotencyKey, NewEvent, StoredEvent } from "../../model/event.ts";
import type { EndpointDraft, SecretRotation } from "../../registry.ts";
import type { Appended, Store, Submission, SubmittedEvent } from "../../store.ts";
import { START } from "./setup.ts";

export function bytesOf(text: string): Uint8Array {
  return new Uint8Array(new TextEncoder().encode(text));
}

function sampleEvent(change: Partial<NewEvent> = {}): NewEvent {
  return {
    type: "client.updated",
    subject: undefined,
    occurredAt: undefined,
    data: bytesOf('{"id":1}'),
    extensions: undefined,
    expiresAt: undefined,
    to: undefined,
    ...change,
  };
}

/** A key that came with the bytes that `seed` stands for. */
export function keyOf(text: string, seed = 1): IdempotencyKey {
  return { text, hash: new Uint8Array(32).fill(seed) };
}

export function submitted(change: Partial<NewEvent> = {}, key?: IdempotencyKey): SubmittedEvent {
  return { event: sampleEvent(change), key };
}

/** A submission whose keys are kept for a day. */
export function submission(
  tenant: number,
  events: readonly SubmittedEvent[],
  change: Partial<Submission> = {},
): Submission {
  return { tenant, events, key: undefined, keysExpireAt: START + 86_400_000, ...change };
}

/** Stores events of a tenant, one submission each, and returns them. */
export async function storeEvents(
  store: Store,
  tenant: number,
  changes: readonly Partial<NewEvent>[],
): Promise<readonly StoredEvent[]> {
  const submissions = changes.map((change) => submission(tenant, [submitted(change)]));
  return storedIn(await store.append(0, submissions));
}

export function storedIn({ results }: Appended): readonly StoredEvent[] {
  return results.flatMap((result) => (result.kind === "accepted" ? result.stored : []));
}

export function offsetsIn({ results }: Appended): readonly (readonly number[] | string)[] {
  return results.map((result) => (result.kind === "accepted" ? result.offsets : result.kind));
}

export function sampleConfig(change: Partial<EndpointConfig> = {}): EndpointConfig {
  return { url: "https://example.com/hooks", ...DEFAULT_CONFIG, ...change };
}

export function endpointDraft(tenant: number, change: Partial<EndpointDraft> = {}): EndpointDraft {
  return {
    tenant,
    contract: "standard",
    config: sampleConfig(),
    state: "enabled",
    eventTypes: undefined,
    secret: undefined,
    now: START,
    ...change,
  };
}

/** A rotation whose overlap is a second. */
export function rotationOf(
  tenant: number,
  endpoint: number,
  change: Partial<SecretRotation> = {},
): SecretRotation {
  const sealed = Uint8Array.of(4, 5, 6);
  return { tenant, endpoint, sealed, publicKey: undefined, overlapMs: 1000, now: START, ...change };
}

export function factsOf(change: Partial<Facts>): Facts {
  return { ...emptyFacts(0, 0), ...change };
}

export function sampleAttempt(change: Partial<Attempt> = {}): Attempt {
  return {
    endpoint: 1,
    cursor: 0,
    offset: 1000,
    number: 1,
    startedAt: START,
    durationMs: 12.25,
    connectedMs: undefined,
    headersMs: undefined,
    verdict: "delivered",
    reason: undefined,
    status: 204,
    answer: undefined,
    detail: undefined,
    payloadHash: undefined,
    batch: undefined,
    ...change,
  };
}

export function sampleRetry(change: Partial<Retry> = {}): Retry {
  return {
    endpoint: 1,
    cursor: 0,
    offset: 1000,
    requests: 1,
    used: 1,
    dueAt: START + 5000,
    reason: "status_503",
    ...change,
  };
}

export function sampleDeadLetter(change: Partial<DeadLetter> = {}): DeadLetter {
  return { endpoint: 1, cursor: 0, offset: 1000, reason: "status_500", at: START, ...change };
}

export function sampleGap(change: Partial<Gap> = {}): Gap {
  return { endpoint: 1, from: 1000, to: 1000, reason: "skipped", at: START, ...change };
}

export function sampleLane(change: Partial<LaneRow> = {}): LaneRow {
  return { endpoint: 1, position: 1000, hold: undefined, batch: undefined, ...change };
}

export function sampleReplay(change: Partial<Replay> = {}): Replay {
  return { number: 1, endpoint: 1, from: 1000, to: 1000, changes: 0, createdAt: START, ...change };
}
