/** What is told to those who watch: facts that are durable, as they become so, without what events say. */
import type { Attempt, DeliveryState, Gap, Hold } from "./model/delivery.ts";
import type { ListedEvent } from "./model/event.ts";
import type { Offset } from "./model/offset.ts";
import type { Tenant } from "./model/tenant.ts";

export const LIVE_KINDS = ["event", "attempt", "delivery", "gap", "lane"] as const;

export type LiveKind = (typeof LIVE_KINDS)[number];

/** Whose it is, as far as ids are made of it. */
export type LiveTenant = Pick<Tenant, "number" | "id" | "shard">;

/** Something that was just stored. It is plain data: nodes hand it on as JSON. */
export type LiveFact = { readonly tenant: LiveTenant } & (
  | { readonly kind: "event"; readonly event: ListedEvent }
  | { readonly kind: "attempt"; readonly type: string; readonly attempt: LiveAttempt }
  | { readonly kind: "delivery"; readonly type: string; readonly delivery: LiveDeliveryState }
  /** Deliveries that an endpoint was owed and will not be sent, whichever of these events it was owed. */
  | { readonly kind: "gap"; readonly gap: Omit<Gap, "at"> }
  | { readonly kind: "lane"; readonly endpoint: number; readonly hold: LiveHold | undefined }
);

/** Without what a receiver answered: it may be long, and is found with the attempt. */
export type LiveAttempt = Omit<Attempt, "answer" | "payloadHash">;

/** Where the live delivery of an event to an endpoint stands from now on. */
export interface LiveDeliveryState {
  readonly endpoint: number;
  readonly offset: Offset;
  readonly state: DeliveryState;
  readonly reason: string | undefined;
  /** Milliseconds since 1970; absent where it waits for nothing but its turn, or for nothing at all. */
  readonly dueAt: number | undefined;
}

export type LiveHold = Pick<Hold, "since" | "until" | "reason">;

/** Is told what happens; the engine speaks to it. */
export interface LiveFeed {
  /** Nothing is told, and nothing prepared for telling, while nobody watches. */
  readonly isWatched: boolean;
  tell(facts: readonly LiveFact[]): void;
  /** So many facts, of whichever kind, are not told: there were too many to look at. */
  leaveOut(count: number): void;
}

/** A feed that nobody ever watches. */
export const UNWATCHED: LiveFeed = { isWatched: false, tell: () => undefined, leaveOut: () => undefined };
