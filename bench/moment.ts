/** Milliseconds of the machine's monotonic clock, which all its processes read alike. Linux only. */
export function momentMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}
