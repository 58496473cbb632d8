/** The port the API reads lists and pages through: facts of the log, newest first. */
import type { Attempt, Gap, GapReason, LaneRow, VerdictKind } from "./model/delivery.ts";
import type { FactsQuery, StoredFacts } from "./model/delivery-state.ts";
import type { Endpoint, EndpointWithoutSecrets } from "./model/endpoint.ts";
import type { EventMeta, ListedEvent, StoredEvent } from "./model/event.ts";
import type { Offset } from "./model/offset.ts";
import type { Counts, StatRow } from "./model/stat.ts";
import type { Survey } from "./model/survey.ts";

export interface Reader {
  /** Reads one event of a tenant. */
  readEvent(tenant: number, offset: Offset): Promise<StoredEvent | undefined>;

  /** Reads a page of a tenant's events without what they say: newest first, or as the query asks. */
  listEvents(query: EventQuery): Promise<EventPage>;

  /** Finds the events that an idempotency key stored; an expired key is absent. */
  readKey(
    tenant: number,
    key: string,
  ): Promise<{ readonly first: Offset; readonly count: number } | undefined>;

  /** Reads every fact about the live deliveries and replays of some of a tenant's events. */
  readFacts(query: FactsQuery): Promise<StoredFacts>;

  /** Reads the first gaps of some reasons of each of these endpoints, in the order of their beginnings. */
  listGaps(query: GapQuery): Promise<readonly Gap[]>;

  /** Reads a page of attempts at a tenant's events, newest event first, newest attempt first. */
  listAttempts(query: AttemptQuery): Promise<AttemptPage>;

  /** Reads a tenant's endpoints in the order of their numbers, deleted ones too. */
  readEndpoints(tenant: number): Promise<readonly EndpointWithoutSecrets[]>;

  /** Reads what is stored of the lanes of a tenant's endpoints, each in its place. */
  readStoredLanes(tenant: number, endpoints: readonly number[]): Promise<readonly StoredLane[]>;

  /** Reads a page of a tenant's events that have a dead letter, without what they say, newest first. */
  listDead(query: DeadQuery): Promise<EventPage>;

  /**
   * Reads a tenant's events after an offset, oldest first, of which nothing final is stored for an endpoint
   * on the live cursor: no last attempt, no dead letter, no gap; nor do they wait in `retry`.
   */
  listUnsettled(query: UnsettledQuery): Promise<UnsettledEvents>;

  /** Looks at what the store runs on, and who shares it. */
  survey(): Promise<Survey>;

  /** Reads of a tenant's endpoints how they are, newest first, deleted ones left out. */
  listMarks(query: MarkQuery): Promise<readonly EndpointMark[]>;

  /** Finds endpoints of any tenant that are held or failing, and those of `also`, newest first. */
  listTroubled(query: TroubledQuery): Promise<readonly Pick<Endpoint, "number" | "tenant">[]>;

  /** Reads what was counted, by the minute or by the hour, oldest first; where nothing was is left out. */
  readStats(query: StatQuery): Promise<readonly StatPoint[]>;
}

export interface MarkQuery {
  readonly tenant: number;
  /** Only endpoints of lower numbers. Default: all. */
  readonly before?: number | undefined;
  readonly limit: number;
}

export interface TroubledQuery extends Omit<MarkQuery, "tenant"> {
  readonly also: readonly number[];
}

/** How an endpoint is, as far as it is stored. */
export interface EndpointMark {
  readonly number: number;
  readonly isEnabled: boolean;
  readonly isHeld: boolean;
  readonly isFailing: boolean;
}

/** Of one tenant, or of all together. */
export interface StatQuery extends Pick<StatRow, "tenant" | "seconds"> {
  /** What begins at or after it, and before `to`, in milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

export interface StatPoint {
  readonly at: number;
  readonly counts: Counts;
}

export interface EventQuery {
  readonly tenant: number;
  readonly type?: string;
  /** Events of other types than these (names or globs) may be left out, unless they have a `to`. */
  readonly types?: readonly string[] | undefined;
  readonly subject?: string;
  /** First offset wanted. */
  readonly from?: Offset;
  /** Only offsets below it. */
  readonly before?: Offset;
  /** Default: false. */
  readonly isOldestFirst?: boolean;
  /** Events returned. */
  readonly limit: number;
  /** Looks: each is at one event, or at one block of the directory that names nothing wanted. */
  readonly scanMax: number;
}

export interface EventPage {
  readonly events: readonly ListedEvent[];
  /** Continue below it, or above it where the oldest come first; undefined: there are no more. */
  readonly next: Offset | undefined;
}

export interface DeadQuery {
  readonly tenant: number;
  /** Only dead letters of this one. */
  readonly endpoint?: number | undefined;
  /** First offset wanted. */
  readonly from?: Offset | undefined;
  /** Only offsets below it. */
  readonly before?: Offset | undefined;
  /** Events returned. */
  readonly limit: number;
  /** Dead letters looked at. */
  readonly scanMax: number;
}

export interface GapQuery {
  readonly tenant: number;
  readonly endpoints: readonly number[];
  readonly reasons: readonly GapReason[];
  /** Of each endpoint. */
  readonly limit: number;
}

export interface AttemptQuery {
  readonly tenant: number;
  readonly endpoint?: number;
  readonly offset?: Offset;
  readonly verdict?: VerdictKind;
  readonly before?: AttemptPosition;
  readonly limit: number;
  /** Looks: each is at one attempt, or at one block of the directory that names nothing wanted. */
  readonly scanMax: number;
}

/** A place in the order (offset, endpoint, cursor, number). */
export interface AttemptPosition {
  readonly offset: Offset;
  readonly endpoint: number;
  readonly cursor: number;
  readonly number: number;
}

export interface AttemptPage {
  readonly attempts: readonly Attempt[];
  readonly next: AttemptPosition | undefined;
}

export interface StoredLane {
  readonly row: LaneRow | undefined;
  /** What a lane without a row has not settled comes after this place in the log. */
  readonly checkpoint: Offset;
  /** Live retries that wait. */
  readonly retries: number;
  /** Since when every request has failed, in milliseconds since 1970; undefined if something gets through. */
  readonly failingSince: number | undefined;
}

export interface UnsettledQuery {
  readonly tenant: number;
  /** Events of other types than these (names or globs) may be left out, unless they have a `to`. */
  readonly types?: readonly string[] | undefined;
  readonly endpoint: number;
  readonly after: Offset;
  /** Looks: each is at one event, or at one block of the directory that names nothing wanted. */
  readonly scanMax: number;
}

export interface UnsettledEvents {
  readonly events: readonly EventMeta[];
  /** Whether there are more than were looked at. */
  readonly isPartial: boolean;
}
