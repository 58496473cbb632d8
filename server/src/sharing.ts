/**
 * The port through which several processes, called nodes here, share the leases of one log: who has which,
 * what is new, and what one asks of another. A store that one process has to itself has no such port.
 */
import type { RaisedEvent } from "./model/event.ts";
import type { Appended, Head, Lease } from "./store.ts";

export interface Sharing {
  /** How long a lease is held without being renewed, and a node counted without being heard of. */
  readonly leaseMs: number;

  /** Says that this node is there, and reads who else is and which leases have ended. */
  meet(): Promise<Meeting>;

  /** Claims leases, so that nobody but this node can take them for now; returns those that it got. */
  claim(leases: readonly number[]): Promise<readonly number[]>;

  /** Says that this node is going: the others share what it gives up. */
  leave(): Promise<void>;

  /** Reads what is new of some leases, all at once. */
  readNews(leases: readonly number[]): Promise<readonly News[]>;

  /** Tells whoever has a lease that there is news of it: soon, several as one, and maybe never. */
  hint(lease: number): void;

  /** Is called with the lease of every hint. */
  onHint(listener: (lease: number) => void): void;

  /** Stores something that the owner of a lease is asked for; returns its number. */
  ask(lease: number, what: string): Promise<number>;

  /** Reads what was answered, and forgets it; undefined: nothing yet. */
  takeAnswer(lease: number, number: number): Promise<string | undefined>;

  /** Reads what was asked of a lease and has not been done, oldest first. */
  readAsked(lease: number, limit: number): Promise<readonly AskedOfOwner[]>;

  /** Reads what a lease's shard has to tell in others, oldest first. */
  readOutbox(lease: number, limit: number): Promise<readonly Outgoing[]>;

  /** Says that this node watches tenants for so long, by number; 0: all of them. */
  watch(tenants: readonly number[], forMs: number): Promise<void>;

  /** Tells other nodes what is watched; it is kept for seconds, and no crash leaves it. */
  putLive(told: Omit<RelayedFacts, "number">): Promise<void>;

  /** Reads what other nodes told in the last seconds, but for what has these numbers, oldest first. */
  readLive(seen: readonly number[]): Promise<readonly RelayedFacts[]>;

  /**
   * Moves the first of what applications put into a lease's inbox into its log, in one transaction. Fenced,
   * and nothing is moved, where the lease has another epoch.
   */
  moveInbox(lease: Lease): Promise<Appended | "empty" | "fenced">;
}

export interface Meeting {
  /** This one is among them. */
  readonly nodes: number;
  /** Leases that nobody has, or that nobody has renewed in time: this node itself, it may be. */
  readonly free: readonly number[];
  /** Tenants, by number, that others than this node watch; 0: all of them. */
  readonly watched: readonly number[];
  /** The database was restored, and no person has looked yet: nothing is to be sent. */
  readonly isPaused: boolean;
}

/** What one node told those who watch on others. */
export interface RelayedFacts {
  readonly number: number;
  /** In JSON. */
  readonly facts: string;
  readonly leftOut: number;
}

export interface News extends Head {
  readonly lease: number;
  readonly isAsked: boolean;
  readonly hasOutgoing: boolean;
  readonly hasInbox: boolean;
  /** Something is stored as to be erased, whether or not the owner could be asked for it. */
  readonly hasErasures: boolean;
}

export interface AskedOfOwner {
  readonly number: number;
  readonly what: string;
}

/** A raised event whose tenant is in another shard than what it tells of. */
export interface Outgoing {
  readonly number: number;
  /** The lease of its tenant's shard. */
  readonly lease: number;
  readonly raised: RaisedEvent & { readonly key: string };
}
