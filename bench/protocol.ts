/** What the benchmark and its receiver say to one another, by the messages of a child process. */

export type ToReceiver =
  /** Forgets what came, and tells when so many requests are there that differ in their `webhook-id`. */
  | { readonly kind: "expect"; readonly distinct: number; readonly secret: string }
  /** The same, where one request is sent again and again. */
  | { readonly kind: "expect"; readonly requests: number; readonly secret: string };

export type FromReceiver =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "expecting" }
  | { readonly kind: "complete"; readonly receipt: Receipt };

/** What a receiver took since it was told to expect something. */
export interface Receipt {
  readonly requests: number;
  readonly distinct: number;
  /** Requests whose signature was wrong. */
  readonly refused: number;
}
