import type { Random } from "../server/src/random.ts";

/** Chance that can be had again: the same seed gives the same rolls. */
export interface Dice extends Random {
  /** A whole number of at least 0 and less than `below`. */
  below(below: number): number;
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number;
  chance(probability: number): boolean;
  /** Picks one. Throws if there is nothing to pick from. */
  pick<T>(choices: readonly T[]): T;
  /** Picks from what there is now; undefined if there is nothing. */
  any<T>(choices: readonly T[]): T | undefined;
  /**
   * Other dice that these ones decide: what one part of the world rolls does not change what another does.
   */
  fork(): Dice;
}

/** Makes dice from a seed, by the generator sfc32 (C. Doty-Humphrey, PractRand). */
export function createDice(seed: number): Dice {
  let a = 0x9e3779b9;
  let b = seed >>> 0;
  let c = Math.floor(seed / 2 ** 32) >>> 0;
  let counter = 1;

  function word(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
  // The first words of neighbouring seeds are alike.
  for (let round = 0; round < 15; round += 1) {
    word();
  }

  const fraction = (): number => word() / 2 ** 32;
  const below = (limit: number): number => Math.floor(fraction() * limit);
  return {
    fraction,
    below,
    between: (from, to) => from + below(to - from + 1),
    chance: (probability) => fraction() < probability,
    pick(choices) {
      // A choice may be undefined, so its absence is not told by its value.
      for (const choice of choices.slice(below(choices.length))) {
        return choice;
      }
      throw new Error("there must be something to pick from");
    },
    any: (choices) => choices[below(choices.length)],
    bytes: (count) => Uint8Array.from({ length: count }, () => below(256)),
    fork: () => createDice(word()),
  };
}
