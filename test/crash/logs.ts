/** What the producer and the receivers wrote down themselves: all that the checker looks at. */

/** Receivers, one for each vendor's contract, and one that is owed everything, as a witness. */
export const RECEIVERS = ["bspk", "spektr", "bubblehouse", "standard"] as const;

export type ReceiverName = (typeof RECEIVERS)[number];

/** Which vendor's events a request of the producer holds. */
export type Vendor = Exclude<ReceiverName, "standard">;

/** An event before it is sent: numbers grow in the order in which one stream sends them. */
export interface IntendedEvent {
  readonly number: number;
  readonly vendor: Vendor;
  /** Of the bytes of `data`. */
  readonly dataHash: string;
}

/** Written before a request is made for the first time. A request is stored whole or not at all. */
export interface Intent {
  readonly kind: "intent";
  readonly request: number;
  readonly events: readonly IntendedEvent[];
}

/** Written after a 202 was read; a request that was made again with its key may have several. */
export interface Acknowledgement {
  readonly kind: "acknowledged";
  readonly request: number;
  /** In the order of the events. */
  readonly ids: readonly string[];
}

export type ProducerEntry = Intent | Acknowledgement;

/** An event as it came out of a payload. */
export interface ReceivedEvent {
  readonly number: number;
  /** As it stands on the wire; empty where the contract carries none. */
  readonly id: string;
  /** Of the bytes that carry this event: the payload, or its part of a batch. */
  readonly payloadHash: string;
  readonly dataHash: string;
}

/**
 * `taken` and `refused` settle what was received; after `failed` and `none` it must come again. `none`: the
 * connection was cut instead of an answer.
 */
export type ReceiverAnswer = "taken" | "refused" | "failed" | "none";

/** What a tenure counts for beside its process: sums of both are exact. */
export const TENURE = 1 / 1024;

/** Written before the answer is. */
export interface Receipt {
  readonly receiver: ReceiverName;
  /** The process that sent it, and in which of its tenures: as so many TENUREs more. */
  readonly life: number;
  readonly events: readonly ReceivedEvent[];
  readonly answer: ReceiverAnswer;
  /** Why credentials or shape are wrong; absent if they are right. */
  readonly problem?: string;
}

export interface Logs {
  /** In the order in which it was written. */
  readonly producer: readonly ProducerEntry[];
  /** In the order of arrival. */
  readonly receipts: readonly Receipt[];
}
