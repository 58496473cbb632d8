/** Runs what goes on until it is interrupted, or nobody reads what it prints: then it has ended well. */
export async function untilInterrupted(run: (signal: AbortSignal) => Promise<void>): Promise<0> {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  process.once("SIGINT", end).once("SIGTERM", end);
  process.stdout.once("error", end);
  try {
    await run(ending.signal);
  } catch (error) {
    if (!ending.signal.aborted) {
      throw error;
    }
  }
  return 0;
}
