/** Pictures of a screen with a byte a pixel in place of three: a fifth of the size, and nobody sees it. */
import assert from "node:assert/strict";
import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLOURS_MAX = 256;

/** Colours that are nearer to one another nobody tells apart; a square, of 256 steps for each of three. */
const APART_MIN = 600;

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each, a row after the other. */
  readonly bytes: Uint8Array;
}

/**
 * Writes a PNG anew with a palette. Where there are more than 256 colours, each of the others
 * is the nearest of those. Throws an AssertionError for a PNG of another kind than browsers make of a page.
 */
export function withPalette(png: Buffer): Buffer {
  const { width, height, bytes } = decode(png);
  const colours = new Map<number, number>();
  const colourAt = (at: number) =>
    ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  for (let at = 0; at < bytes.length; at += 3) {
    const colour = colourAt(at);
    colours.set(colour, (colours.get(colour) ?? 0) + 1);
  }
  const byCount = [...colours].toSorted(([, one], [, other]) => other - one).map(([colour]) => colour);
  const palette = paletteOf(byCount);
  const places = new Map(byCount.map((colour) => [colour, nearestIn(palette, colour)] as const));
  // Each row begins with the number of its filter: none.
  const rows = Buffer.alloc(height * (width + 1));
  for (let at = 0; at < width * height; at += 1) {
    rows[at + Math.floor(at / width) + 1] = places.get(colourAt(at * 3)) ?? 0;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk(
      "PLTE",
      Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255])),
    ),
    chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Those that are like no other before all: a sign of a few points has its colour, too. */
function paletteOf(byCount: readonly number[]): readonly number[] {
  const palette: number[] = [];
  for (const apartMin of [APART_MIN, 1]) {
    for (const colour of byCount) {
      if (palette.length < COLOURS_MAX && palette.every((other) => distance(colour, other) >= apartMin)) {
        palette.push(colour);
      }
    }
  }
  return palette;
}

function nearestIn(palette: readonly number[], colour: number): number {
  const distances = palette.map((other) => distance(colour, other));
  return distances.indexOf(Math.min(...distances));
}

/** The square of how far they are apart. */
function distance(one: number, other: number): number {
  const red = (one >> 16) - (other >> 16);
  const green = ((one >> 8) & 255) - ((other >> 8) & 255);
  const blue = (one & 255) - (other & 255);
  return red * red + green * green + blue * blue;
}

function chunk(name: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function decode(png: Buffer): Pixels {
  assert.ok(png.subarray(0, 8).equals(SIGNATURE), "it is a PNG");
  const contents: Buffer[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") {
      contents.push(png.subarray(at + 8, at + 8 + length));
    }
    at += length + 12;
  }
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  assert.deepEqual([...png.subarray(24, 29)], [8, 2, 0, 0, 0], "it has 8 bits for each of three colours");
  return { width, height, bytes: unfiltered(inflateSync(Buffer.concat(contents)), width * 3) };
}

/** Takes the filter off each row, of which the first byte says which it is (PNG, section 9.2). */
function unfiltered(rows: Buffer, rowBytes: number): Uint8Array {
  const bytes = new Uint8Array((rows.length / (rowBytes + 1)) * rowBytes);
  for (let from = 0, at = 0; from < rows.length; from += rowBytes + 1) {
    const filter = rows[from];
    for (let place = 0; place < rowBytes; place += 1, at += 1) {
      const left = place < 3 ? 0 : (bytes[at - 3] ?? 0);
      const up = bytes[at - rowBytes] ?? 0;
      const corner = place < 3 ? 0 : (bytes[at - rowBytes - 3] ?? 0);
      bytes[at] = (rows[from + 1 + place] ?? 0) + expectedBy(filter, left, [up, corner]);
    }
  }
  return bytes;
}

function expectedBy(
  filter: number | undefined,
  left: number,
  [up, corner]: readonly [number, number],
): number {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4:
      return paeth(left, up, corner);
    default:
      throw new Error(`a row's filter is one of 0 to 4, got ${filter}`);
  }
}

function paeth(left: number, up: number, corner: number): number {
  const base = left + up - corner;
  const toLeft = Math.abs(base - left);
  const toUp = Math.abs(base - up);
  const toCorner = Math.abs(base - corner);
  if (toLeft <= toUp && toLeft <= toCorner) {
    return left;
  }
  return toUp <= toCorner ? up : corner;
}
