/** What one run of one system came to. */
export interface Measurement {
  readonly deliveries: number;
  readonly seconds: number;
  /** CPU of the system under test. NaN: it is not known. */
  readonly cpuMs: number;
}

/**
 * Returns the one in the middle; of an even number, the lower of the two; NaN, where one is that. Throws if
 * there is none.
 */
export function medianOf(values: readonly number[]): number {
  if (values.some(Number.isNaN)) {
    return Number.NaN;
  }
  const median = values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
  if (median === undefined) {
    throw new Error("a median is of at least one value");
  }
  return median;
}

export function perSecond({ deliveries, seconds }: Measurement): number {
  return deliveries / seconds;
}

/** Microseconds of CPU for one delivery. */
export function cpuUs({ deliveries, cpuMs }: Measurement): number {
  return (cpuMs * 1000) / deliveries;
}
