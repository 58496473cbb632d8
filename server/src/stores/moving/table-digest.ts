import { hash } from "node:crypto";

/** What two copies of a table have in common, whatever the order in which their rows are read. */
export interface TableDigest {
  readonly rows: number;
  /** 128 bits, in hexadecimal. */
  readonly hash: string;
}

/** Adds rows up to a digest. */
export interface DigestSum {
  /** Takes one row: the same values in the same order, bytes as the hash of them. */
  add(values: readonly unknown[]): void;
  total(): TableDigest;
}

const BITS = 128;
const DIGITS = BITS / 4;

/**
 * Makes a sum of the hashes of rows, so that neither side has to sort. Against accident: somebody who can
 * choose the rows could find two tables of one sum.
 */
export function createDigestSum(): DigestSum {
  let rows = 0;
  let sum = 0n;
  return {
    add(values) {
      rows += 1;
      const digest = hash("sha256", JSON.stringify(values), "hex").slice(0, DIGITS);
      sum = BigInt.asUintN(BITS, sum + BigInt(`0x${digest}`));
    },
    total: () => ({ rows, hash: sum.toString(16).padStart(DIGITS, "0") }),
  };
}
