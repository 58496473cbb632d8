/** Chance that a seed repeats. */
export interface Chance {
  /** At least 0, less than 1. */
  fraction(): number;
  /** A whole number, at least 0, less than `count`. */
  below(count: number): number;
  happens(probability: number): boolean;
  /** A list of the same in another order. */
  shuffled<Item>(items: readonly Item[]): readonly Item[];
}

/** Makes chance from a seed (mulberry32). */
export function seeded(seed: number): Chance {
  let state = seed >>> 0;
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number) => Math.floor(fraction() * count);
  return {
    fraction,
    below,
    happens: (probability) => fraction() < probability,
    shuffled(items) {
      const places = items.map((item) => ({ item, place: fraction() }));
      return places.sort((one, other) => one.place - other.place).map(({ item }) => item);
    },
  };
}

/** A seed for a run that was given none. */
export function freshSeed(): number {
  return Math.floor(Math.random() * 2 ** 31);
}
