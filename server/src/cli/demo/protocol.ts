import type { ChildProcess } from "node:child_process";
import type { Sample } from "./samples.ts";

export const VENDORS = ["bspk", "spektr", "bubblehouse"] as const;

export type Vendor = (typeof VENDORS)[number];

/** From the demo to the receivers: one company's customer begins to listen, at the path of its contract. */
export interface Instructions {
  readonly vendor: Vendor;
  readonly secret: string;
  /** What it will be sent. */
  readonly samples: readonly Sample[];
}

/** From the receivers to the demo. */
export type Report =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "line"; readonly vendor: Vendor; readonly text: string }
  | { readonly kind: "tally"; readonly vendor: Vendor; readonly tally: Tally };

/** What a receiver has seen so far. */
export interface Tally {
  readonly requests: number;
  /** Requests that the receiver's package verified, and whose events were exactly what was published. */
  readonly verified: number;
  /** Different events taken. */
  readonly received: number;
  /** Different events refused for good. */
  readonly refused: number;
  /** Events given again after they were taken or refused. */
  readonly duplicates: number;
  /** Events that came after a later one. */
  readonly inversions: number;
}

/** Where each company's customer listens. Bubblehouse puts the name of its hook in the place of `:name`. */
export const PATHS: Readonly<Record<Vendor, string>> = {
  bspk: "/webhooks",
  spektr: "/spektr",
  bubblehouse: "/bh/:name",
};

// Both ends of the channel are this program's own: what comes through it has the shape it was sent in.
/** Listens to the receivers' reports. */
export function onReport(child: ChildProcess, take: (report: Report) => void): void {
  child.on("message", take);
}

/** Listens for instructions. */
export function onInstructions(take: (instructions: Instructions) => void): void {
  process.on("message", take);
}
