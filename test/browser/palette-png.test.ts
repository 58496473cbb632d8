import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { crc32, deflateSync, inflateSync } from "node:zlib";
import { seeded } from "../crash/seeded.ts";
import { withPalette } from "./palette-png.ts";

type Colour = readonly [red: number, green: number, blue: number];

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

function chunkOf(name: string, content: Uint8Array): Buffer {
  const chunk = Buffer.alloc(content.length + 12);
  chunk.writeUInt32BE(content.length);
  chunk.write(name, 4, "latin1");
  chunk.set(content, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), content.length + 8);
  return chunk;
}

/** What a filter expects of a byte, by those at its left, above it, and above at its left. */
const EXPECTED: readonly ((left: number, up: number, corner: number) => number)[] = [
  () => 0,
  (left) => left,
  (_left, up) => up,
  (left, up) => Math.floor((left + up) / 2),
  (left, up, corner) => {
    const [nearest = 0] = [left, up, corner].toSorted(
      (one, other) => Math.abs(left + up - corner - one) - Math.abs(left + up - corner - other),
    );
    return nearest;
  },
];

/** A PNG as browsers make them of a page, in two parts, with a filter for each row. */
function pngOf(rows: readonly (readonly Colour[])[], filters: readonly number[]): Buffer {
  const bytes = rows.map((row) => row.flat());
  const filtered = bytes.map((row, y) => {
    const filter = filters[y % filters.length] ?? 0;
    const above = bytes[y - 1];
    return [
      filter,
      ...row.map((byte, x) => {
        const corner = x < 3 ? 0 : (above?.[x - 3] ?? 0);
        return (byte - (EXPECTED[filter]?.(row[x - 3] ?? 0, above?.[x] ?? 0, corner) ?? 0)) & 255;
      }),
    ];
  });
  const header = Buffer.from([0, 0, 0, rows[0]?.length ?? 0, 0, 0, 0, rows.length, 8, 2, 0, 0, 0]);
  const data = deflateSync(Buffer.from(filtered.flat()));
  return Buffer.concat([
    SIGNATURE,
    chunkOf("IHDR", header),
    chunkOf("IDAT", data.subarray(0, 9)),
    chunkOf("IDAT", data.subarray(9)),
    chunkOf("IEND", Buffer.alloc(0)),
  ]);
}

/** Reads a PNG with a palette, a byte a pixel and no filters. */
function read(png: Buffer): { readonly rows: readonly (readonly Colour[])[]; readonly colours: number } {
  assert.deepEqual(png.subarray(0, 8), SIGNATURE);
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; ) {
    const end = at + 12 + png.readUInt32BE(at);
    assert.equal(png.readUInt32BE(end - 4), crc32(png.subarray(at + 4, end - 4)));
    chunks.set(png.toString("latin1", at + 4, at + 8), png.subarray(at + 8, end - 4));
    at = end;
  }
  assert.deepEqual([...chunks.keys()], ["IHDR", "PLTE", "IDAT", "IEND"]);
  const [header, palette, data] = ["IHDR", "PLTE", "IDAT"].map((name) => chunks.get(name) ?? Buffer.alloc(0));
  assert.ok(header && palette && data);
  assert.deepEqual([...header.subarray(8)], [8, 3, 0, 0, 0]);
  const width = header.readUInt32BE(0);
  const pixels = inflateSync(data);
  assert.equal(pixels.length, header.readUInt32BE(4) * (width + 1));
  const rows = Array.from({ length: header.readUInt32BE(4) }, (_, y) => {
    const [filter, ...places] = pixels.subarray(y * (width + 1), (y + 1) * (width + 1));
    assert.equal(filter, 0);
    return places.map((place): Colour => {
      const [red = -1, green = -1, blue = -1] = palette.subarray(place * 3, place * 3 + 3);
      return [red, green, blue];
    });
  });
  return { rows, colours: palette.length / 3 };
}

/** Rows in which bytes beside one another are at all distances, equal ones among them. */
function rowsOf(width: number, height: number): readonly (readonly Colour[])[] {
  const chance = seeded(1);
  const level = () => chance.below(11) * 25;
  return Array.from({ length: height }, () =>
    Array.from({ length: width }, (): Colour => [level(), level(), level()]),
  );
}

describe("withPalette()", () => {
  for (const filter of EXPECTED.keys()) {
    test(`withPalette() keeps every pixel of rows with the filter ${filter}`, () => {
      const rows = rowsOf(17, 13);
      assert.deepEqual(read(withPalette(pngOf(rows, [filter]))).rows, rows);
    });
  }

  test("withPalette() keeps every pixel where each row has another filter", () => {
    const rows = rowsOf(17, 15);
    assert.deepEqual(read(withPalette(pngOf(rows, [4, 1, 3, 0, 2]))).rows, rows);
  });

  test("withPalette() keeps a colour that one pixel has, and gives the nearest to what has no place", () => {
    const grey = (level: number): Colour => [level, level, level];
    const lonely: Colour = [255, 0, 0];
    // 256 greys, each of them more often than the red.
    const greys = Array.from({ length: 256 }, (_, level) => grey(level));
    const last = greys.map((colour, at) => (at === 0 ? lonely : colour)).slice(0, 128);
    const rows = [greys.slice(0, 128), greys.slice(128), greys.slice(0, 128), greys.slice(128), last];
    const { rows: written, colours } = read(withPalette(pngOf(rows, [0])));
    assert.equal(colours, 256);
    assert.deepEqual(written[4]?.[0], lonely);
    const off = rows.flat().map(([level], at) => Math.abs(level - (written.flat()[at]?.[0] ?? -1)));
    assert.ok(Math.max(...off) <= 1, "no grey is more than the next one");
    assert.equal(new Set(written.flat().map(String)).size, 256);
  });

  test("withPalette() refuses a PNG of another kind", () => {
    const png = pngOf(rowsOf(2, 2), [0]);
    png[25] = 6;
    assert.throws(() => withPalette(png), { code: "ERR_ASSERTION" });
    assert.throws(() => withPalette(Buffer.from("GIF89a, and then some")), { code: "ERR_ASSERTION" });
  });
});
