/**
 * A keyed permutation of 64-bit blocks: the cipher Speck64/128 (Beaulieu et al., 2013, appendix C has the
 * vector that the test uses). It hides counters in ids; it protects no secret. A block is two unsigned
 * 32-bit words.
 */
export interface Block {
  readonly high: number;
  readonly low: number;
}

export interface Permutation {
  permute(block: Block): Block;
  restore(block: Block): Block;
}

const ROUNDS = 27;

/** Makes the permutation of a 16-byte key. Throws a RangeError for any other length. */
export function createPermutation(key: Uint8Array): Permutation {
  if (key.length !== 16) {
    throw new RangeError(`the key of a permutation has 16 bytes, got ${key.length}`);
  }
  const roundKeys = scheduleOf(key);

  return {
    permute({ high, low }) {
      let x = high;
      let y = low;
      for (let round = 0; round < ROUNDS; round += 1) {
        x = (rotateRight(x, 8) + y) ^ word(roundKeys, round);
        y = rotateLeft(y, 3) ^ x;
      }
      return { high: x >>> 0, low: y >>> 0 };
    },
    restore({ high, low }) {
      let x = high;
      let y = low;
      for (let round = ROUNDS - 1; round >= 0; round -= 1) {
        y = rotateRight(y ^ x, 3);
        x = rotateLeft(((x ^ word(roundKeys, round)) - y) | 0, 8);
      }
      return { high: x >>> 0, low: y >>> 0 };
    },
  };
}

function scheduleOf(key: Uint8Array): Uint32Array {
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
  const roundKeys = new Uint32Array(ROUNDS);
  const rest = new Uint32Array(ROUNDS + 2);
  roundKeys[0] = view.getUint32(0, true);
  rest[0] = view.getUint32(4, true);
  rest[1] = view.getUint32(8, true);
  rest[2] = view.getUint32(12, true);
  for (let round = 0; round < ROUNDS - 1; round += 1) {
    rest[round + 3] = (word(roundKeys, round) + rotateRight(word(rest, round), 8)) ^ round;
    roundKeys[round + 1] = rotateLeft(word(roundKeys, round), 3) ^ word(rest, round + 3);
  }
  return roundKeys;
}

function word(words: Uint32Array, index: number): number {
  return words[index] ?? 0;
}

function rotateRight(value: number, bits: number): number {
  return (value >>> bits) | (value << (32 - bits));
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
