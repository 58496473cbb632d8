/** What the command and its receiver say to one another, by the messages of a child process. */
import type { ChildProcess } from "node:child_process";

/** From the command: forget what came, and tell when so much is there. */
export interface Expectation {
  readonly number: number;
  /** Of every request's signature. */
  readonly secret: string;
  /** Different events, or requests that all say the same. */
  readonly count: "events" | "requests";
  /** Whether each event says when it was meant to be posted, as `intended_at` in its data. */
  readonly isTimed: boolean;
}

/** From the receiver; `progress` every now and then. */
export type Report =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "expecting" }
  | { readonly kind: "progress"; readonly distinct: number }
  | { readonly kind: "complete"; readonly receipt: Receipt };

/** What the receiver took until it had what it expected. */
export interface Receipt {
  readonly counted: number;
  readonly distinct: number;
  /** Requests whose signature was wrong; they count for nothing else. */
  readonly refused: number;
  /** From the intended moment to arrival, in milliseconds; empty unless they are timed. */
  readonly latenciesMs: readonly number[];
}

// Both ends of the channel are this program's own: what comes through it has the shape it was sent in.
export function onReport(child: ChildProcess, take: (report: Report) => void): void {
  child.on("message", take);
}

export function onExpectation(take: (expectation: Expectation) => void): void {
  process.on("message", take);
}
