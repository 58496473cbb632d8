/** What the benchmark and its receiver say to one another, by the messages of a child process. */

/** Forgets what came, and tells when so much of what is counted is there. */
export interface ToReceiver {
  readonly kind: "expect";
  readonly count: Counted;
  readonly number: number;
  /** Undefined: signatures are not looked at. */
  readonly secret: string | undefined;
}

/**
 * Requests; their `webhook-id`s, different ones; the same for each path; different `id`s of the CloudEvents
 * in batches.
 */
export type Counted = "requests" | "ids" | "ids by path" | "events in batches";

export type FromReceiver =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "expecting" }
  | { readonly kind: "complete"; readonly receipt: Receipt };

/** What a receiver took since it was told to expect something. */
export interface Receipt {
  /** Of what is counted, with what came twice. */
  readonly counted: number;
  readonly distinct: number;
  /** Requests whose signature was wrong. */
  readonly refused: number;
}

export interface ReceiverManner {
  /** Default: it speaks plain HTTP. */
  readonly tls?: ReceiverTls;
  /** How long it takes to answer. Default: 0. */
  readonly answerMs?: number;
}

/** The certificate and the key that a receiver serves with. */
export interface ReceiverTls {
  readonly cert: string;
  readonly key: string;
}
