/** What the benchmark and what generates a steady load for it say to one another, as parent and child. */

export interface ToGenerator {
  /** Of the server, and what it lets in by. */
  readonly origin: string;
  readonly authorization: string;
  /** They take turns. */
  readonly targets: readonly { readonly path: string; readonly type: string }[];
  readonly perSecond: number;
  readonly seconds: number;
}

export type FromGenerator = { readonly kind: "ready" } | ({ readonly kind: "posted" } & Posted);

/** All were accepted. */
export interface Posted {
  readonly count: number;
  /** How much later than intended the generator began to post, the half of them and 99 of 100 at most. */
  readonly lateMsP50: number;
  readonly lateMsP99: number;
}
