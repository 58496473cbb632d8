/** So long the loop's answers wait for the next turn at most. */
const NAP_MS_MAX = 1;

/** Nothing ever wakes who waits for it: it is there to sleep by, more finely than a timer does. */
const cell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** Milliseconds of the machine's monotonic clock, which all its processes read alike. */
export function momentMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

/** Gives the event loop a turn, and sleeps until the moment has come. */
export async function until(moment: number): Promise<void> {
  let leftMs: number;
  do {
    await new Promise(setImmediate);
    leftMs = moment - momentMs();
    if (leftMs > 0) {
      Atomics.wait(cell, 0, 0, Math.min(leftMs, NAP_MS_MAX));
    }
  } while (leftMs > NAP_MS_MAX);
}
