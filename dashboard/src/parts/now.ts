import { useSyncExternalStore } from "react";

let now = Date.now();
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// One clock for the page: every "4 m 12 s" on it steps at once.
setInterval(() => {
  now = Date.now();
  for (const listener of listeners) {
    listener();
  }
}, 1000);

/** The time, to the second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
