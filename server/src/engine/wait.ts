import type { Clock } from "../clock.ts";

/** How long until what the store failed to read is read again, in milliseconds. */
export const READ_AGAIN_MS = 500;

/** Resolves after so many milliseconds. */
export function wait(clock: Pick<Clock, "after">, ms: number): Promise<void> {
  return new Promise((resolve) => clock.after(ms, resolve));
}

/** Gives the rest of the process a turn between two pages. */
export function turn(clock: Pick<Clock, "after">): Promise<void> {
  return wait(clock, 0);
}
