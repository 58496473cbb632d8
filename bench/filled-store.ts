import { DEFAULT_LIMITS } from "../server/src/engine/limits.ts";
import { type DirectoryBlock, emptyFacts, type FactsDraft } from "../server/src/facts.ts";
import type { Attempt, DeliveryKey, Hold } from "../server/src/model/delivery.ts";
import type { StoredEvent } from "../server/src/model/event.ts";
import type { Tenant } from "../server/src/model/tenant.ts";
import { systemRandom } from "../server/src/random.ts";
import type { Reader } from "../server/src/reader.ts";
import type { Registry } from "../server/src/registry.ts";
import { createSeal, secretContext } from "../server/src/seal.ts";
import type { Store, Submission, TakenLease } from "../server/src/store.ts";
import { sampleConfig, submitted } from "../server/src/stores/conformance/samples.ts";

export type Stores = Store & Registry & Reader;

export interface Filling {
  readonly events: number;
  readonly endpoints: number;
  /** What the server that reads it seals secrets under. */
  readonly masterKey: Uint8Array;
}

/** Has all endpoints, and nearly all events. */
export const CROWDED = "crowded";
/** Has a few of the events, far from one another. */
export const SPARSE = "sparse";

const SPARSE_EVENTS = 50;
/** They are the newest: a list begins with them. */
const WITH_TRAFFIC_MAX = 500;
/** The newest of all: held since before the first event, and disabled. */
const HELD = 5;
const DISABLED = 5;
const DEAD_EACH = 100;
const RETRY_EACH = 200;
const OTHER_TENANTS = 200;
const EVENT_TYPES = 300;
const REPLAYS = 30;
const KEYS = 50;
const AT_ONCE = DEFAULT_LIMITS.directoryBlockEvents;
/** Fewer than connections of a pool. */
const CREATED_AT_ONCE = 10;
const SECRET = `whsec_${Buffer.alloc(24, 5).toString("base64")}`;
const DATA = new TextEncoder().encode(JSON.stringify({ id: 12_345_678, note: "n".repeat(180) }));
const HOUR_MS = 3_600_000;

/**
 * Fills a database that nobody has opened yet with what a long life leaves: of most events the attempt that
 * delivered it, of some dead letters and retries that wait, endpoints that are held, failing and disabled.
 */
export async function fillStore(stores: Stores, filling: Filling): Promise<void> {
  const shard = 0;
  const lease = await stores.takeLease(stores.leaseOf(shard));
  const now = Date.now();
  const create = async (id: string): Promise<Tenant> => {
    const tenant = await stores.createTenant({ id, name: id, contract: undefined, shard, createdAt: now });
    return tenant ?? fail(`the id ${id} is free`);
  };
  const sparse = await create(SPARSE);
  for (let index = 0; index < OTHER_TENANTS; index += 1) {
    await create(`other-${index}`);
  }
  const crowded = await create(CROWDED);
  const numbers = await createEndpoints(stores, crowded, filling);
  const [own] = await createEndpoints(stores, sparse, { ...filling, endpoints: 1 });
  await fillConfiguration(stores, crowded);
  const { changes } = await stores.readHead(lease.id);
  const log = { stores, lease, changes, crowded, sparse, own: own ?? 0, numbers };
  await fillLog(log, filling.events);
  await fillReplays(log);
  await stores.releaseLease(lease);
}

/** Says which type an endpoint subscribes to, by its place: the last ones have what comes. */
function typeOf(index: number, endpoints: number): string {
  const fromTheEnd = endpoints - 1 - index;
  return fromTheEnd < withTraffic(endpoints) ? trafficType(fromTheEnd) : `seldom_${index}.updated`;
}

const withTraffic = (endpoints: number): number => Math.min(WITH_TRAFFIC_MAX, endpoints);
const trafficType = (number: number): string => `resource_${number}.updated`;

/** Creates endpoints of a tenant, and returns their numbers. */
async function createEndpoints(
  stores: Stores,
  tenant: Tenant,
  { endpoints, masterKey }: Filling,
): Promise<readonly number[]> {
  const seal = createSeal({ key: masterKey, random: systemRandom });
  const numbers: number[] = [];
  for (let from = 0; from < endpoints; from += CREATED_AT_ONCE) {
    const some = Array.from({ length: Math.min(CREATED_AT_ONCE, endpoints - from) }, async (_, place) => {
      const index = from + place;
      const endpoint = await stores.createEndpoint({
        tenant: tenant.number,
        contract: "standard",
        config: sampleConfig({
          url: `https://receiver-${index}.example.com/hooks`,
          description: `of customer ${index}`,
        }),
        state: tenant.id === CROWDED && isDisabled(endpoints - 1 - index) ? "disabled" : "enabled",
        eventTypes: tenant.id === CROWDED ? [typeOf(index, endpoints)] : undefined,
        secret: {
          seal: (number) => seal.seal(SECRET, secretContext(tenant.number, number)),
          publicKey: undefined,
        },
        now: Date.now(),
      });
      return endpoint?.number ?? fail("the tenant is there");
    });
    numbers.push(...(await Promise.all(some)));
  }
  return numbers.toSorted((one, other) => one - other);
}

const isHeld = (fromTheEnd: number): boolean => fromTheEnd < HELD;
const isDisabled = (fromTheEnd: number): boolean => fromTheEnd >= HELD && fromTheEnd < HELD + DISABLED;

async function fillConfiguration(stores: Stores, { number: tenant }: Tenant): Promise<void> {
  const now = Date.now();
  const schema = JSON.stringify({ type: "object", properties: { id: { type: "integer" } } });
  for (let index = 0; index < EVENT_TYPES; index += 1) {
    const config = {
      description: `What happens to resource ${index}.`,
      schema,
      example: JSON.stringify({ id: index }),
      validation: undefined,
      isDeprecated: false,
      successor: undefined,
    };
    await stores.putEventType({ tenant, name: trafficType(index), seen: 0, config, now });
  }
  for (let index = 0; index < KEYS; index += 1) {
    await stores.createKey({
      id: `key_${index}`,
      tenant,
      name: `key ${index}`,
      hash: systemRandom.bytes(32),
      scopes: ["events:read"],
      ratePerSecond: undefined,
      createdAt: now,
      expiresAt: undefined,
      lastUsedAt: undefined,
    });
  }
}

interface FilledLog {
  readonly stores: Stores;
  readonly lease: TakenLease;
  readonly changes: number;
  readonly crowded: Tenant;
  readonly sparse: Tenant;
  /** The endpoint of the sparse tenant. */
  readonly own: number;
  /** The endpoints of the crowded one, oldest first. */
  readonly numbers: readonly number[];
}

async function fillLog(log: FilledLog, events: number): Promise<void> {
  const { stores, lease, changes, crowded, sparse } = log;
  const traffic = withTraffic(log.numbers.length);
  const sparseEach = Math.max(1, Math.floor(events / SPARSE_EVENTS));
  let previous = 0;
  for (let from = 0; from < events; from += AT_ONCE) {
    const places = Array.from({ length: Math.min(AT_ONCE, events - from) }, (_, place) => from + place);
    const isSparse = (place: number): boolean => place % sparseEach === 0;
    const { results, head } = await stores.append(lease.id, [
      submissionOf(
        sparse,
        places.filter(isSparse).map(() => "invoice.paid"),
      ),
      submissionOf(
        crowded,
        places.filter((at) => !isSparse(at)).map((at) => trafficType(at % traffic)),
      ),
    ]);
    const stored = results.flatMap((result) => (result.kind === "accepted" ? result.stored : []));
    const facts = emptyFacts(head, changes);
    facts.directory.push(blockOf(stored, previous));
    stored.forEach((event, place) => settle(facts, log, { event, place: from + place }));
    if (from === 0) {
      fillLanes(facts, log);
    }
    await stores.flush(lease, facts);
    previous = head;
  }
}

function submissionOf({ number: tenant }: Tenant, types: readonly string[]): Submission {
  const events = types.map((type, index) =>
    submitted({ type, subject: `customer ${index % 97}`, data: DATA }),
  );
  return { tenant, events, key: undefined, keysExpireAt: 0 };
}

function blockOf(events: readonly StoredEvent[], after: number): DirectoryBlock {
  return { after, to: events.at(-1)?.offset ?? after, events };
}

/** Writes what became of an event. */
function settle(
  facts: FactsDraft,
  { own, numbers, sparse }: FilledLog,
  { event, place }: { readonly event: StoredEvent; readonly place: number },
): void {
  const fromTheEnd = Number(/^resource_(\d+)/.exec(event.type)?.[1] ?? 0);
  const isOfSparse = event.tenant === sparse.number;
  if (!isOfSparse && (isHeld(fromTheEnd) || isDisabled(fromTheEnd))) {
    return;
  }
  const endpoint = isOfSparse ? own : (numbers[numbers.length - 1 - fromTheEnd] ?? own);
  const key: DeliveryKey = { endpoint, cursor: 0, offset: event.offset };
  const reason = "status_500";
  if (place % DEAD_EACH === 50) {
    facts.attempts.push(attemptOf(key, { verdict: "retry", status: 500, reason }));
    facts.deadLetters.push({ ...key, reason, at: Date.now() });
  } else if (place % RETRY_EACH === 70) {
    facts.attempts.push(attemptOf(key, { verdict: "retry", status: 500, reason }));
    facts.retries.push({ ...key, requests: 1, used: 1, dueAt: Date.now() + 24 * HOUR_MS, reason });
  } else {
    facts.attempts.push(attemptOf(key, { verdict: "delivered", status: 204, reason: undefined }));
  }
}

function attemptOf(key: DeliveryKey, outcome: Pick<Attempt, "verdict" | "status" | "reason">): Attempt {
  return {
    ...key,
    ...outcome,
    number: 1,
    startedAt: Date.now(),
    durationMs: 12.5,
    connectedMs: 1.5,
    headersMs: 12,
    answer: outcome.verdict === "delivered" ? undefined : new TextEncoder().encode("the table is locked"),
    detail: undefined,
    payloadHash: new Uint8Array(16).fill(3),
    batch: undefined,
  };
}

/** Holds the newest lanes before the first event, and lets a few fail. */
function fillLanes(facts: FactsDraft, { numbers }: FilledLog): void {
  const now = Date.now();
  const newest = numbers.toReversed();
  const hold: Hold = {
    since: now,
    until: now + 24 * HOUR_MS,
    reason: "circuit_open_status_503",
    rounds: 3,
    requests: 0,
  };
  for (const endpoint of newest.slice(0, HELD)) {
    facts.lanes.push({ endpoint, position: 0, hold, batch: undefined });
    facts.failing.push({ endpoint, since: now });
  }
}

async function fillReplays({ stores, lease, changes, crowded, numbers }: FilledLog): Promise<void> {
  const { head } = await stores.readHead(lease.id);
  const endpoint = numbers.at(-1) ?? fail("there are endpoints");
  for (let index = 0; index < REPLAYS; index += 1) {
    const now = Date.now();
    const replay = await stores.requestReplay({
      tenant: crowded.number,
      source: endpoint,
      endpoint,
      from: 1,
      to: head,
      only: "dead",
      types: undefined,
      ratePerSecond: undefined,
      createdAt: now,
    });
    const progress = { position: head, lookedAt: 9, chosen: 9, passedOver: 0, delivered: 9, failed: 0 };
    const ended = { how: "finished", reason: undefined, at: now } as const;
    const step = { replay: replay?.number ?? fail("the tenant is there"), endpoint, progress, ended };
    await stores.flush(lease, { ...emptyFacts(head, changes), replaying: [step] });
  }
}

function fail(what: string): never {
  throw new Error(what);
}
