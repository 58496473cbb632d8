/** Writes numbers and bytes one after another; a number from 0 to 2^53 takes a byte for every 7 bits. */
export interface ByteWriter {
  /** Bytes written so far. */
  readonly length: number;
  number(value: number): void;
  bytes(value: Uint8Array): void;
  /** Everything written, as bytes of its own. */
  end(): Uint8Array;
}

/** Reads what a `ByteWriter` wrote. Throws a RangeError where the bytes end too early. */
export interface ByteReader {
  readonly at: number;
  number(): number;
  /** Goes past so many bytes. */
  pass(count: number): void;
}

const FIRST_BYTES = 4096;
const NUMBER_BYTES_MAX = 8;

export function createByteWriter(): ByteWriter {
  let buffer = new Uint8Array(FIRST_BYTES);
  let length = 0;

  function makeRoom(count: number): void {
    if (length + count > buffer.length) {
      const grown = new Uint8Array(Math.max(buffer.length * 2, length + count));
      grown.set(buffer);
      buffer = grown;
    }
  }

  return {
    get length() {
      return length;
    },
    number(value) {
      makeRoom(NUMBER_BYTES_MAX);
      let rest = value;
      while (rest >= 128) {
        buffer[length] = (rest % 128) + 128;
        length += 1;
        rest = Math.floor(rest / 128);
      }
      buffer[length] = rest;
      length += 1;
    },
    bytes(value) {
      makeRoom(value.length);
      buffer.set(value, length);
      length += value.length;
    },
    end: () => buffer.slice(0, length),
  };
}

export function createByteReader(from: Uint8Array, start: number): ByteReader {
  let at = start;

  return {
    get at() {
      return at;
    },
    number() {
      let value = 0;
      for (let factor = 1; ; factor *= 128) {
        if (at >= from.length) {
          throw new RangeError(`stored bytes end at ${from.length}, a number goes on`);
        }
        const next = from[at] ?? 0;
        at += 1;
        if (next < 128) {
          return value + next * factor;
        }
        value += (next - 128) * factor;
      }
    },
    pass(count) {
      if (at + count > from.length) {
        throw new RangeError(`stored bytes end at ${from.length}, ${count} are wanted from ${at} on`);
      }
      at += count;
    },
  };
}
