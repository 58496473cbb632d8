import type { Clock } from "../clock.ts";
import { READ_AGAIN_MS, wait } from "./wait.ts";

export interface Persisting {
  readonly clock: Clock;
  readonly isStopped: () => boolean;
  readonly onFailed: (error: unknown) => void;
}

/** Asks until it is answered; never resolves once stopped, and the next owner goes on. */
export async function untilDone<Result>(
  ask: () => Promise<Result>,
  { clock, isStopped, onFailed }: Persisting,
): Promise<Result> {
  while (!isStopped()) {
    try {
      return await ask();
    } catch (error) {
      onFailed(error);
      await wait(clock, READ_AGAIN_MS);
    }
  }
  return await new Promise<never>(() => undefined);
}
