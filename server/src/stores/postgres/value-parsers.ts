import pg from "pg";

// Object identifiers of the built-in types (pg_type.dat).
const BYTEA = 17;
const BIGINT = 20;

/**
 * Turns what the server sends into what rows hold: numbers for whole numbers, which are all below 2^53 and
 * are checked where they are read, and plain bytes.
 */
export const valueParsers: pg.CustomTypesConfig = {
  getTypeParser(type: number) {
    switch (type) {
      case BIGINT:
        return Number;
      case BYTEA:
        return bytesOf;
      default:
        return parserOf(type);
    }
  },
};

const parserOf: (type: number) => (text: string) => unknown = pg.types.getTypeParser;

/** Bytes come as `\x` and two digits each, which a Buffer reads in half of the time that `fromHex` takes. */
function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.slice(2), "hex"));
}
