import type { Outcome } from "@posthorn/contracts/receiving";
import type { Vendor } from "./protocol.ts";

/** Decides what becomes of an event; `request` counts the requests of its receiver, from 1. */
export type Behaviour = (request: number, isRefused: boolean) => Outcome;

/** How a vendor's receiver behaves: each fails in its own way, and recovers. */
export const BEHAVIOURS: Readonly<Record<Vendor, Behaviour>> = {
  // It is down for a while.
  bspk: (request, isRefused) => (request <= 8 ? "failure" : taken(isRefused)),
  // The first batch fails, and goes again as it was.
  spektr: (request, isRefused) => (request === 1 ? "failure" : taken(isRefused)),
  // One event fails twice, and holds everything behind it.
  bubblehouse: (request, isRefused) => (request === 5 || request === 6 ? "failure" : taken(isRefused)),
};

function taken(isRefused: boolean): Outcome {
  return isRefused ? "invalid_data" : "sent";
}
