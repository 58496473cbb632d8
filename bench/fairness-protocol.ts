/** What the fairness benchmark and its receiver say to one another, by the messages of a child process. */

export interface ToFairnessReceiver {
  readonly kind: "collect";
}

export type FromFairnessReceiver =
  | { readonly kind: "listening"; readonly port: number }
  /** How long each event was on its way since the last collection, in milliseconds. */
  | { readonly kind: "collect"; readonly latenciesMs: readonly number[] };
