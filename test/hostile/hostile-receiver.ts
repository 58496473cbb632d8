import type { Behaviour } from "./behaviour.ts";

/** One way to be hostile, and what must come of an attempt. */
export interface HostileReceiver {
  /** Completes "a receiver that …". */
  readonly does: string;
  readonly behave: Behaviour;
  /** `status 200 whole`, or the kind and the code of what there is instead. */
  readonly comesTo: string | RegExp;
  /** Whether it keeps the attempt until its deadline. Default: false. */
  readonly lasts?: boolean;
  /** Default: http. */
  readonly scheme?: "http" | "https";
  /** Default: a few. */
  readonly payloadBytes?: number;
}

/** Where a receiver is called that listens at `http://…`. */
export function urlOf({ scheme = "http" }: HostileReceiver, origin: string): string {
  return origin.replace("http", scheme);
}

export function isExpected({ comesTo }: HostileReceiver, outcome: string): boolean {
  return typeof comesTo === "string" ? outcome === comesTo : comesTo.test(outcome);
}

/**
 * Whether an outcome is right in a crowd, where the deadline of those that last may pass before what comes
 * first has been read.
 */
export function isExpectedInCrowd(receiver: HostileReceiver, outcome: string): boolean {
  const isOver = receiver.lasts === true && outcome.startsWith("timed_out ");
  return isOver || isExpected(receiver, outcome);
}

/** A row of a table: what it does, how, and what must come of it. */
type Row = readonly [does: string, behave: Behaviour, comesTo: string | RegExp];

export function rows(...table: readonly Row[]): readonly HostileReceiver[] {
  return table.map(([does, behave, comesTo]) => ({ does, behave, comesTo }));
}

/** Rows of receivers that keep the attempt until its deadline. */
export function lasting(...table: readonly Row[]): readonly HostileReceiver[] {
  return rows(...table).map((row) => ({ ...row, lasts: true }));
}
