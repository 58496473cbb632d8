/** Something that is done in rounds, one at a time. */
export interface Rounds {
  /** Does a round, unless one is under way; resolves when that has ended, whatever came of it. */
  runOnce(): Promise<void>;
  stop(): void;
}

/** Makes the rounds of something that asks whether it is stopped. What fails after that is told to nobody. */
export function createRounds(
  round: (isStopped: () => boolean) => Promise<void>,
  onFailed: (error: unknown) => void,
): Rounds {
  let running: Promise<void> | undefined;
  let isStopped = false;
  return {
    runOnce() {
      running ??= round(() => isStopped)
        .catch((error: unknown) => {
          if (!isStopped) {
            onFailed(error);
          }
        })
        .finally(() => {
          running = undefined;
        });
      return running;
    },
    stop() {
      isStopped = true;
    },
  };
}
