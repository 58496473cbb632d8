import { createPermutation } from "../../model/permutation.ts";

/**
 * Hashes a subject into 24 bits, never 0. Whoever has the bytes of a directory and not the key learns
 * nothing of the subjects in it.
 */
export type HashSubject = (subject: string) => number;

// No id is made of this word, so that the blocks of ids tell nothing of the key that is derived here.
const DERIVED = 0xffff_ffff;
const WORD_BYTES = 4;
const BLOCK_BYTES = 2 * WORD_BYTES;

/** Makes the hash of an installation, from the key that its ids have. */
export function createSubjectHash(idKey: Uint8Array): HashSubject {
  const permutation = createPermutation(deriveKey(idKey));
  const encoder = new TextEncoder();

  // A chain of ciphered blocks (CBC-MAC) whose first says how long the text is: no text begins another.
  return (subject) => {
    const text = encoder.encode(subject);
    let block = permutation.permute({ high: 0, low: text.length });
    for (let at = 0; at < text.length; at += BLOCK_BYTES) {
      block = permutation.permute({
        high: (block.high ^ wordAt(text, at)) >>> 0,
        low: (block.low ^ wordAt(text, at + WORD_BYTES)) >>> 0,
      });
    }
    return block.low >>> 8 || 1;
  };
}

function deriveKey(idKey: Uint8Array): Uint8Array {
  const { permute } = createPermutation(idKey);
  const words = [1, 2].map((low) => permute({ high: DERIVED, low })).flatMap(({ high, low }) => [high, low]);
  return new Uint8Array(Uint32Array.from(words).buffer);
}

/** Four bytes as a number; beyond the end they are 0. */
function wordAt(bytes: Uint8Array, at: number): number {
  const byte = (index: number) => bytes[at + index] ?? 0;
  return byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24);
}
