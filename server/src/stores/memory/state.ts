import type { StoredAuditEntry } from "../../model/audit.ts";
import type { Attempt, DeadLetter, DeliveryKey, Gap, LaneRow, Replay, Retry } from "../../model/delivery.ts";
import type { Endpoint } from "../../model/endpoint.ts";
import type { Erasure } from "../../model/erasure.ts";
import type { StoredEvent } from "../../model/event.ts";
import type { EventType, SchemaVersion } from "../../model/event-type.ts";
import { nextOffset, type Offset } from "../../model/offset.ts";
import type { RangeReplay } from "../../model/range-replay.ts";
import type { StatRow } from "../../model/stat.ts";
import type { ApiKey, Tenant } from "../../model/tenant.ts";
import type { Random } from "../../random.ts";
import type { AttemptPosition } from "../../reader.ts";
import type { RetryPlace } from "../../store.ts";
import type { StoredBlock } from "../directory/block.ts";
import { createSubjectHash, type HashSubject } from "../directory/subject-hash.ts";
import type { KnownKey } from "../placement.ts";
import { type ChangePlace, nextVersion, type VersionChange } from "../version.ts";
import { createOrdered, type Ordered } from "./ordered.ts";

export interface TenantRow {
  readonly tenant: Tenant;
  readonly isDeleted: boolean;
}

export interface KeyRow extends KnownKey<Offset> {
  readonly expiresAt: number;
}

/** Something that was asked of whoever has the lease. */
export interface Command {
  readonly what: string;
  readonly isDone: boolean;
  readonly answer: string | undefined;
}

/** Everything a store in memory knows. Rows are never changed, only replaced. */
export interface State {
  readonly idKey: Uint8Array;
  head: Offset;
  changes: number;
  lease: {
    readonly epoch: number;
    /** The greatest number of a flush under this epoch. */
    readonly flushes: number;
    readonly checkpoint: Offset;
    readonly changesApplied: number;
    readonly countedTo: Offset;
  };
  /** In the order of their numbers, which count from 1, as endpoints' do. */
  readonly tenants: TenantRow[];
  /** In the order of their creation. */
  apiKeys: ApiKey[];
  readonly endpoints: Endpoint[];
  /** By tenant and name. */
  readonly eventTypes: Map<string, EventType>;
  /** Every schema that a name has had, by tenant and name, oldest first. */
  readonly schemaVersions: Map<string, readonly SchemaVersion[]>;
  readonly events: Ordered<{ readonly offset: Offset }, StoredEvent>;
  readonly directory: Ordered<{ readonly after: Offset }, StoredBlock>;
  readonly hashSubject: HashSubject;
  /** By tenant and key. */
  readonly keys: Map<string, KeyRow>;
  readonly attempts: Ordered<AttemptPosition, Attempt>;
  readonly retries: Ordered<DeliveryKey, Retry>;
  /** The same retries in the order they are due. */
  readonly due: Ordered<RetryPlace, Retry>;
  readonly deadLetters: Ordered<DeliveryKey, DeadLetter>;
  readonly gaps: Ordered<Pick<Gap, "endpoint" | "from" | "reason">, Gap>;
  readonly lanes: Map<number, LaneRow>;
  readonly replays: Map<number, Replay>;
  /** Since when, by endpoint. */
  readonly failing: Map<number, number>;
  readonly toldHolds: Map<number, number>;
  readonly stats: Ordered<Pick<StatRow, "tenant" | "seconds" | "at">, StatRow>;
  /** By number; a number is never given twice. */
  readonly erasures: Map<number, Erasure>;
  erasuresAsked: number;
  /** By number, as other nodes asked; what is answered stays until somebody comes for it. */
  readonly commands: Map<number, Command>;
  commandsAsked: number;
  /** By number, in the order in which they were asked for. */
  readonly rangeReplays: Map<number, RangeReplay>;
  rangeReplaysAsked: number;
  /** In the order of their numbers. */
  audit: readonly StoredAuditEntry[];
  auditCount: number;
  /** Nodes send nothing: the store was restored, and no person has let them go on. */
  isPaused: boolean;
}

export function createState(random: Random): State {
  const idKey = random.bytes(16);
  return {
    idKey,
    directory: createOrdered((a, b) => a.after - b.after),
    hashSubject: createSubjectHash(idKey),
    head: 0,
    changes: 0,
    lease: { epoch: 0, flushes: 0, checkpoint: 0, changesApplied: 0, countedTo: 0 },
    tenants: [],
    apiKeys: [],
    endpoints: [],
    eventTypes: new Map(),
    schemaVersions: new Map(),
    events: createOrdered((a, b) => a.offset - b.offset),
    keys: new Map(),
    attempts: createOrdered(
      (a, b) => a.offset - b.offset || a.endpoint - b.endpoint || a.cursor - b.cursor || a.number - b.number,
    ),
    retries: createOrdered(compareByLane),
    due: createOrdered((a, b) => a.dueAt - b.dueAt || compareByLane(a, b)),
    deadLetters: createOrdered(
      (a, b) => a.offset - b.offset || a.endpoint - b.endpoint || a.cursor - b.cursor,
    ),
    gaps: createOrdered(
      (a, b) =>
        a.endpoint - b.endpoint || a.from - b.from || (a.reason < b.reason ? -1 : +(a.reason > b.reason)),
    ),
    lanes: new Map(),
    replays: new Map(),
    failing: new Map(),
    toldHolds: new Map(),
    stats: createOrdered((a, b) => a.tenant - b.tenant || a.seconds - b.seconds || a.at - b.at),
    erasures: new Map(),
    erasuresAsked: 0,
    commands: new Map(),
    commandsAsked: 0,
    rangeReplays: new Map(),
    rangeReplaysAsked: 0,
    audit: [],
    auditCount: 0,
    isPaused: false,
  };
}

function compareByLane(a: DeliveryKey, b: DeliveryKey): number {
  return a.endpoint - b.endpoint || a.cursor - b.cursor || a.offset - b.offset;
}

/** Takes the next place in the log for a change of an endpoint. */
export function takeChangePlace(state: State, now: number): ChangePlace {
  state.head = nextOffset(state.head, now);
  state.changes += 1;
  return { since: state.head, change: state.changes };
}

/** Gives an endpoint a new version, and what else changes with it. */
export function changeEndpoint(
  state: State,
  endpoint: Endpoint,
  change: VersionChange & {
    readonly config?: Endpoint["config"];
    readonly secrets?: Endpoint["secrets"];
    readonly now: number;
    readonly clockNow: number;
  },
): Endpoint {
  const changed = {
    ...endpoint,
    config: change.config ?? endpoint.config,
    secrets: change.secrets ?? endpoint.secrets,
    versions: [...endpoint.versions, nextVersion(endpoint, change, takeChangePlace(state, change.clockNow))],
    updatedAt: change.now,
  };
  state.endpoints[endpoint.number - 1] = changed;
  return changed;
}
