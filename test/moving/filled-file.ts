import assert from "node:assert/strict";
import type { Facts } from "../../server/src/facts.ts";
import { DAY_MS } from "../../server/src/model/duration.ts";
import type { ReplayStep } from "../../server/src/model/range-replay.ts";
import {
  ALL_TENANTS,
  emptyCounts,
  HOUR_SECONDS,
  type StatRow,
  startOf,
} from "../../server/src/model/stat.ts";
import { systemRandom } from "../../server/src/random.ts";
import { createSeal, secretContext } from "../../server/src/seal.ts";
import {
  bytesOf,
  endpointDraft,
  factsOf,
  keyOf,
  rotationOf,
  sampleAttempt,
  sampleDeadLetter,
  sampleGap,
  sampleLane,
  sampleRetry,
  storedIn,
  submission,
  submitted,
} from "../../server/src/stores/conformance/samples.ts";
import { createEndpoint, START } from "../../server/src/stores/conformance/setup.ts";
import type { SqliteStore } from "../../server/src/stores/sqlite/open.ts";

const MASTER_KEY = new Uint8Array(32).fill(7);

const SEAL = createSeal({ key: MASTER_KEY, random: systemRandom });

/** More than two chunks. */
export const MANY = 4500;

/** Keys that no test sees expire. */
const LATER = { keysExpireAt: START + 36_500 * DAY_MS };

/** What of a filled file a test asks for again. */
export interface Filled {
  readonly acme: number;
  readonly globex: number;
  /** Of acme, with facts of every kind. */
  readonly endpoint: number;
  /** Of acme's events, and of two of globex. */
  readonly offsets: readonly number[];
}

/** Puts something of everything into a database, and in each column what may be in it, and nothing. */
export async function fill(store: SqliteStore): Promise<Filled> {
  const acme = await tenantOf(store, "acme", 3);
  const globex = await tenantOf(store, "globex", 20);
  const gone = await tenantOf(store, "gone", 35);
  await configure(store, acme);
  const endpoint = await endpointOf(store, acme);
  const theirs = await endpointOf(store, globex);
  await createEndpoint(store, endpointDraft(gone, { eventTypes: ["a", "b.*"] }));
  const sealed = SEAL.seal("a newer one", secretContext(acme, endpoint));
  await store.rotateSecret({ ...rotationOf(acme, endpoint), sealed });
  const offsets = await storeMany(store, acme);
  const others = await storeMany(store, globex, 2);
  await store.deleteTenant(gone, START + 5);
  await store.requestErasure({ tenant: globex, what: { subject: "client 1" } });
  const ended = await requestReplays(store, { tenant: acme, endpoint, offsets });
  const lease = await store.takeLease(0);
  const facts = { ...factsOfLane(endpoint, offsets), checkpoint: offsets[0] ?? 0, changesApplied: 2 };
  assert.equal(await store.flush(lease, { ...facts, replaying: [ended] }), "flushed");
  assert.equal(await store.flush(lease, factsOfOther(theirs, others)), "flushed");
  return { acme, globex, endpoint, offsets: [...offsets, ...others] };
}

async function endpointOf(store: SqliteStore, tenant: number): Promise<number> {
  const seal = (endpoint: number) => SEAL.seal(`secret of ${endpoint}`, secretContext(tenant, endpoint));
  const draft = endpointDraft(tenant, { secret: { seal, publicKey: "whpk_0" } });
  return (await createEndpoint(store, draft)).number;
}

/** Asks for two replays, one of which is over. */
async function requestReplays(
  store: SqliteStore,
  { tenant, endpoint, offsets }: { tenant: number; endpoint: number; offsets: readonly number[] },
): Promise<ReplayStep> {
  const [from = 0, , to = 0] = offsets;
  const of = { tenant, source: endpoint, endpoint, from, to, only: "all", createdAt: START } as const;
  await store.requestReplay({ ...of, types: ["client.*"], ratePerSecond: 2.5 });
  const replay = await store.requestReplay({ ...of, types: undefined, ratePerSecond: undefined });
  return {
    replay: replay?.number ?? 0,
    endpoint,
    progress: { position: to, lookedAt: 3, chosen: 3, passedOver: 1, delivered: 1, failed: 1 },
    ended: { how: "cancelled", reason: "disabled", at: START + 9 },
  };
}

function factsOfLane(endpoint: number, offsets: readonly number[]): Facts {
  const [first = 0, second = 0, third = 0] = offsets;
  const at = { endpoint, offset: second };
  return factsOf({
    attempts: [
      ...offsets.map((offset) => sampleAttempt({ endpoint, offset, durationMs: 0.1 + 0.2 })),
      sampleAttempt({
        ...at,
        number: 2,
        connectedMs: 1.5,
        headersMs: 1e-7,
        verdict: "retry",
        reason: "status_503",
        answer: bytesOf("no\u0000, nor now"),
        payloadHash: new Uint8Array(16).fill(255),
        batch: third,
        detail: "it hung up (ECONNRESET)",
      }),
    ],
    retries: [sampleRetry({ ...at, cursor: 4 })],
    deadLetters: [sampleDeadLetter({ ...at, cursor: 4 })],
    gaps: [sampleGap({ endpoint, from: first, to: third, reason: "disabled" })],
    lanes: [
      sampleLane({
        endpoint,
        position: first,
        hold: { since: START, until: START + 1, reason: "status_503", rounds: 2, requests: 1 },
        batch: { offsets: [first, second], requests: 1, used: 1, dueAt: START, reason: "status_500" },
      }),
    ],
    replays: [{ number: 4, endpoint, from: first, to: third, changes: 1, createdAt: START }],
    failing: [{ endpoint, since: START }],
  });
}

/** In another shard, with nothing in what may be missing. */
function factsOfOther(endpoint: number, [first = 0, last = 0]: readonly number[]): Facts {
  return factsOf({
    attempts: [sampleAttempt({ endpoint, offset: last, verdict: "hold", status: undefined })],
    retries: [sampleRetry({ endpoint, offset: first })],
    lanes: [sampleLane({ endpoint, position: last })],
    toldHolds: [{ endpoint, since: START }],
    stats: [{ countedTo: last, rows: [ALL_TENANTS, 2].map((tenant) => statRow(tenant)) }],
  });
}

function statRow(tenant: number): StatRow {
  const counts = { ...emptyCounts(), accepted: 3, deliveredFirst: 2 };
  counts.durations[4] = 2;
  return { tenant, seconds: HOUR_SECONDS, at: startOf(START, HOUR_SECONDS), counts };
}

async function tenantOf(store: SqliteStore, id: string, shard: number): Promise<number> {
  const draft = { id, name: `${id} \u{1f4ef}`, contract: "spektr", shard, createdAt: START };
  const tenant = await store.createTenant(draft);
  assert.ok(tenant !== undefined, "the id is free");
  return tenant.number;
}

async function configure(store: SqliteStore, tenant: number): Promise<void> {
  const key = { id: "key_1", tenant, name: "one", hash: new Uint8Array(32).fill(1), createdAt: START };
  const all = { scopes: ["events:read"], expiresAt: START + DAY_MS, lastUsedAt: START } as const;
  await store.createKey({ ...key, ...all, ratePerSecond: 30 });
  const none = { tenant: undefined, scopes: undefined, expiresAt: undefined, lastUsedAt: undefined };
  await store.createKey({
    ...key,
    ...none,
    ratePerSecond: undefined,
    id: "key_2",
    hash: new Uint8Array(32).fill(2),
  });
  await store.revokeKey(undefined, "key_2");
  const by = { kind: "tenant", key: "key_1", session: undefined } as const;
  const done = { at: START, by, tenant: "acme", requestId: "req_é", status: 201 };
  await store.addAudit({ ...done, action: "createEndpoint", resource: { endpoint: "ep_é" } });
  const config = {
    description: "It is paid. é😀",
    schema: '{"type":"object"}',
    example: '{"text":"\\u0000 é"}',
    validation: "warn",
    isDeprecated: true,
    successor: "b",
  } as const;
  const change = { tenant, seen: 0, now: START };
  assert.ok(await store.putEventType({ ...change, name: "Ünicode paid", config }));
  const { description: _, example: __, ...rest } = config;
  const bare = { ...rest, description: undefined, example: undefined, schema: undefined };
  assert.ok(await store.putEventType({ ...change, name: "client.updated", config: bare }));
  await store.deleteEventType(tenant, "client.updated");
}

/** Stores events that differ in all they may differ in, some of them with keys. */
async function storeMany(store: SqliteStore, tenant: number, count = MANY): Promise<readonly number[]> {
  const events = Array.from({ length: count }, (_, n) =>
    submitted(
      {
        subject: n % 2 === 0 ? undefined : `client ${n}`,
        data: n === 2 ? new Uint8Array() : bytesOf(`{"n":${n}.0}`),
        occurredAt: n % 3 === 0 ? START - n : undefined,
        expiresAt: n % 4 === 0 ? START + DAY_MS : undefined,
        to: n === 1 ? 1 : undefined,
        extensions: n === 3 ? { traceparent: "00-é", sequence: 7 } : undefined,
      },
      n < 3 ? keyOf(`key ${n} é`, n) : undefined,
    ),
  );
  return storedIn(await store.append(0, [submission(tenant, events, LATER)])).map(({ offset }) => offset);
}
