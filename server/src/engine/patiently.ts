import type { Clock } from "../clock.ts";
import { wait } from "./wait.ts";

const LOOK_MS = 10;

/**
 * Waits for so long until something is so. Looks are counted, not milliseconds: a process that its machine
 * lets starve does not run out of time for what it would do at its next turn.
 */
export async function patiently(clock: Pick<Clock, "after">, isSo: () => boolean, ms: number): Promise<void> {
  for (let looks = ms / LOOK_MS; looks > 0 && !isSo(); looks -= 1) {
    await wait(clock, LOOK_MS);
  }
}
