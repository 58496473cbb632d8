import type { Clock } from "../clock.ts";
import { Problem } from "../problem.ts";

// What a caller of the API waits for gladly is over; the store's own deadlines add up to more.
const LOOKUP_MS_MAX = 5000;

/**
 * Resolves as a lookup in the store does, or throws the Problem `store_unavailable` when that takes too long:
 * nothing was asked to be stored yet. What the lookup finds later is not heard.
 */
export function inTime<Found>(clock: Pick<Clock, "after">, looking: Promise<Found>): Promise<Found> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(LOOKUP_MS_MAX, () =>
      reject(new Problem("store_unavailable", "The store did not answer in time; try again in a moment.")),
    );
    void looking.then(resolve, reject).finally(() => timer.cancel());
  });
}
