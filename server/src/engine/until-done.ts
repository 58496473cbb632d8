import type { Clock } from "../clock.ts";

export interface Persisting {
  readonly clock: Clock;
  readonly isStopped: () => boolean;
  readonly onFailed: (error: unknown) => void;
}

const AGAIN_MS = 500;

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
      await new Promise<void>((resolve) => clock.after(AGAIN_MS, resolve));
    }
  }
  return await new Promise<never>(() => undefined);
}
