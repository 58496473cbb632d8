import type { ChildProcess } from "node:child_process";
import type { Sample } from "./samples.ts";

export type Vendor = "bspk" | "spektr" | "bubblehouse";

/** From the demo to a receiver's process: what it will be sent, and the secret to verify it with. */
export interface Instructions {
  readonly secret: string;
  readonly samples: readonly Sample[];
}

/** From a receiver's process to the demo. */
export type Report =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "line"; readonly text: string }
  | { readonly kind: "tally"; readonly tally: Tally };

/** What a receiver has seen so far. */
export interface Tally {
  readonly requests: number;
  /** Requests that carried the right credentials and exactly the published shape. */
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

const VENDORS = ["bspk", "spektr", "bubblehouse"] as const satisfies readonly Vendor[];

/** Reads a vendor's name. Throws an Error for another. */
export function vendorOf(name: string | undefined): Vendor {
  const vendor = VENDORS.find((known) => known === name);
  if (vendor === undefined) {
    throw new Error(`a receiver is one of ${VENDORS.join(", ")}, got ${name}`);
  }
  return vendor;
}

// Both ends of the channel are this program's own: what comes through it has the shape it was sent in.
/** Listens to a receiver's reports. */
export function onReport(child: ChildProcess, take: (report: Report) => void): void {
  child.on("message", take);
}

/** Listens for instructions. */
export function onInstructions(take: (instructions: Instructions) => void): void {
  process.on("message", take);
}
