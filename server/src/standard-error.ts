/** What waits for whoever reads standard error, at most; what comes then is dropped. */
const WAITING_BYTES_MAX = 1024 * 1024;

/**
 * Standard error as a log needs it. A line is written at once where somebody reads, so that the last one
 * before an end is there. Where nobody does, in a pipe that is full or closed, nothing waits for it: a server
 * delivers on without a log.
 */
export function standardError(): { write(line: string): void } {
  const { stderr } = process;
  // One that was closed says so for each write.
  stderr.off("error", ignore);
  stderr.on("error", ignore);
  return {
    write(line) {
      if (stderr.writableLength < WAITING_BYTES_MAX) {
        stderr.write(line);
      }
    },
  };
}

/** Ends a process that has nothing more to do, if lines that nobody reads would keep it from ending. */
export function exitIfUnread(code: number): void {
  if (process.stderr.writableLength > 0) {
    process.exit(code);
  }
}

function ignore(): void {
  // There is nowhere to tell it.
}
