import type { Clock, Timer } from "./clock.ts";

/** Something that is done again and again, until it is stopped. */
export interface Regular {
  /** Begins, if it has not: the first time is as far off as each next one. */
  start(): void;
  /** Begins no more of it; what is under way may look whether to go on. */
  stop(): void;
  readonly isStopped: boolean;
}

/** Makes something that is done `everyMs` after it began, and as long after each end; what fails is told. */
export function regularly(
  clock: Pick<Clock, "after">,
  everyMs: number,
  { run, onFailed }: { readonly run: () => Promise<unknown>; readonly onFailed: (error: unknown) => void },
): Regular {
  let timer: Timer | undefined;
  let isStopped = false;

  function schedule(): void {
    if (!isStopped) {
      timer = clock.after(everyMs, () => void run().catch(onFailed).finally(schedule));
    }
  }

  return {
    start() {
      if (timer === undefined) {
        schedule();
      }
    },
    stop() {
      isStopped = true;
      timer?.cancel();
    },
    get isStopped() {
      return isStopped;
    },
  };
}
