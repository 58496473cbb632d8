/**
 * Arrays as PostgreSQL sends and receives them in binary (array_recv): a parameter that is a column of a
 * batch. In text every byte of a payload would be two, and every text would be quoted.
 */

// Object identifiers of the built-in types (pg_type.dat).
const BYTEA = 17;
const BIGINT = 20;
const TEXT = 25;
const DOUBLE = 701;

/** Makes a `bigint[]`. Throws a RangeError for a number with a fraction. */
export function bigints(values: readonly (number | null | undefined)[]): Buffer {
  return arrayOf(BIGINT, values, (value) => {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeBigInt64BE(BigInt(value));
    return bytes;
  });
}

/** Makes a `double precision[]`. */
export function doubles(values: readonly (number | null | undefined)[]): Buffer {
  return arrayOf(DOUBLE, values, (value) => {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeDoubleBE(value);
    return bytes;
  });
}

/** Makes a `text[]`. */
export function texts(values: readonly (string | null | undefined)[]): Buffer {
  return arrayOf(TEXT, values, (value) => Buffer.from(value, "utf8"));
}

/** Makes a `bytea[]`. */
export function byteas(values: readonly (Uint8Array | null | undefined)[]): Buffer {
  return arrayOf(BYTEA, values, (value) => value);
}

const NULL_LENGTH = -1;

function arrayOf<Value>(
  type: number,
  values: readonly (Value | null | undefined)[],
  encode: (value: Value) => Uint8Array,
): Buffer {
  const parts: Uint8Array[] = [headOf(type, values.length)];
  for (const value of values) {
    const encoded = value === null || value === undefined ? undefined : encode(value);
    parts.push(int32(encoded?.byteLength ?? NULL_LENGTH));
    if (encoded !== undefined) {
      parts.push(encoded);
    }
  }
  return Buffer.concat(parts);
}

/** Dimensions, whether there may be NULLs, the elements' type; and of the one dimension length and start. */
function headOf(type: number, length: number): Buffer {
  return length === 0
    ? Buffer.concat([0, 0, type].map(int32))
    : Buffer.concat([1, 1, type, length, 1].map(int32));
}

function int32(value: number): Buffer {
  const encoded = Buffer.allocUnsafe(4);
  encoded.writeInt32BE(value);
  return encoded;
}
