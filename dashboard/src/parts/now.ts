import { useSyncExternalStore } from "react";
import { serverNow, whenCorrected } from "../server-clock.ts";

let now = serverNow();
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function step(): void {
  now = serverNow();
  for (const listener of listeners) {
    listener();
  }
}

// One clock for the page: every "4 m 12 s" on it steps at once.
setInterval(step, 1000);
whenCorrected(step);

/** The time by the server's clock, to the second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
