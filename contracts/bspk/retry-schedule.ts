// BSPK's retry policy page gives these two numbers, and no spacing.
const retries = 19;
const spanMs = 96 * 3_600_000;

// The shape is ours: quick at first for a blip, then a steady pace through an outage of days.
const firstMs = 10_000;
const longestMs = 8 * 3_600_000;

/**
 * The delays before each of BSPK's 19 retries, in whole milliseconds; together exactly 96 hours.
 *
 * 10 s doubling and capped at 8 h make 67 h 22 min 30 s; scaling stretches that to 96 h: 14 s at first,
 * 11 h 24 min at last. The moments are rounded, not the delays, so that rounding cannot add up.
 */
export function bspkDelaysMs(): readonly number[] {
  const unscaled = Array.from({ length: retries }, (_, retry) => Math.min(firstMs * 2 ** retry, longestMs));
  const unscaledSpanMs = unscaled.reduce((sum, delayMs) => sum + delayMs);
  let elapsed = 0;
  let momentMs = 0;
  return unscaled.map((delayMs) => {
    elapsed += delayMs;
    const nextMs = Math.round((elapsed / unscaledSpanMs) * spanMs);
    const scaledMs = nextMs - momentMs;
    momentMs = nextMs;
    return scaledMs;
  });
}
