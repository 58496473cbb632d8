import type { ReceiverName } from "./logs.ts";

export type FaultKind =
  | "lost"
  | "unexpected"
  /** Some events of a request were received, others never. */
  | "torn"
  /** A first occurrence after one of a later event, on a receiver that is owed order. */
  | "inverted"
  /** Something later was sent while an earlier event waited for its next attempt. */
  | "overtaken"
  /** What failed was not sent again as it was. */
  | "regrouped"
  /**
   * Settled, and received again although no crash came between, or more of them than were in flight at it.
   */
  | "repeated"
  /** The same event with another id or other bytes, or with data that is not what was submitted. */
  | "altered"
  /** One submission under two ids: a key that was used again stored its events twice. */
  | "stored_twice"
  /** Credentials or shape are wrong. */
  | "unverified";

export interface Fault {
  readonly kind: FaultKind;
  readonly detail: string;
}

export interface Bounds {
  /** Lives that ended by a signal to drain: nothing was in flight at their end. */
  readonly drainedLives: ReadonlySet<number>;
  /**
   * How many deliveries of one receiver may be in flight, or answered and not yet durable, when a process
   * dies.
   */
  readonly inFlightMax: Readonly<Partial<Record<ReceiverName, number>>>;
  /**
   * Lives that stood still, and how many receipts there were when they went on: what they had begun may
   * arrive after what the next owner sent. Default: none.
   */
  readonly stoodStill?: ReadonlyMap<number, number>;
  /**
   * Whether a request without an answer may be stored after what its stream submitted next, to another node.
   * Default: false.
   */
  readonly mayStoreLate?: boolean;
}
