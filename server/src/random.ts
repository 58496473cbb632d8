import { randomBytes } from "node:crypto";

/** Where chance comes from. */
export interface Random {
  /** At least 0, less than 1; for jitter. */
  fraction(): number;
  /** Fit for keys and secrets. */
  bytes(count: number): Uint8Array;
}

/** The machine's randomness. */
export const systemRandom: Random = {
  fraction: () => Math.random(),
  bytes: (count) => randomBytes(count),
};
