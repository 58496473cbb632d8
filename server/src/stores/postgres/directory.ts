import type { DirectoryBlock } from "../../facts.ts";
import type { Offset } from "../../model/offset.ts";
import { integerIn, type Row, textIn } from "../columns.ts";
import { type StoredBlock, withoutSubjects } from "../directory/block.ts";
import { encodeBlock } from "../directory/encode-block.ts";
import { type Piece, piecesOf, type Search, type Stretch } from "../directory/pieces.ts";
import type { HashSubject } from "../directory/subject-hash.ts";
import { blockOf } from "../log-rows.ts";
import { nobodysAt } from "../scans.ts";
import { bigints, byteas, texts } from "./binary-arrays.ts";
import type { Session } from "./database.ts";
import {
  CHANGE_BLOCK,
  PUT_BLOCKS,
  READ_BLOCKS_OF,
  REMOVE_BLOCK,
  SCAN_BLOCKS,
  SCAN_BLOCKS_DOWNWARDS,
} from "./queries/directory.ts";

/** Stands for a block that is not read, as the tenant has nothing in it. */
const NOBODYS = encodeBlock({ after: 0, to: 0, events: [] }, () => 0);

/** A part of the log to be read: all of it, or some offsets in it. */
export interface Part extends Stretch {
  /** A `bigint[]`; undefined: all of it. */
  readonly offsets: Buffer | undefined;
  /** Rows at most. */
  readonly limit: number;
}

export interface LookPorts {
  readonly session: Session;
  readonly shard: number;
  /**
   * Reads the rows of a part in the order that is asked for; where they are not all, each says with `looked`
   * how many there are.
   */
  readonly read: (part: Part) => Promise<readonly Row[]>;
}

export interface Looked {
  readonly rows: readonly Row[];
  /** Whether a part was not read to its end, so that nothing after it was. */
  readonly isCut: boolean;
}

/** When somebody who looks has seen enough. */
export interface Enough {
  /** Rows at most. */
  readonly limit: number;
  /** Of these, how many wanted ones make a page. Default: all that are looked at. */
  readonly page?: number;
  /** Whether rows make the page, and say that there is more. Default: they never do. */
  readonly isPage?: (rows: readonly Row[]) => boolean;
}

// What is read of the directory at once; a block is many kilobytes, unless nothing in it is the tenant's. The
// first ones are few, as they often have all that is wanted.
const FIRST_BLOCKS_AT_ONCE = 4;
const BLOCKS_AT_ONCE = 32;
const SPARSE_BLOCKS_AT_ONCE = 256;
// To look into so much of the directory takes as long as to look at an event.
const BYTES_OF_A_LOOK = 4096;

/**
 * Goes over the log, and leaves out what the directory says is not wanted; what the directory takes to say so
 * counts as rows, too: nobody's. Returns `limit` rows at most, and no more than make a page need be read.
 */
export async function lookThrough(
  { session, shard, read }: LookPorts,
  search: Search,
  { limit, page = limit, isPage = () => false }: Enough,
): Promise<Looked> {
  const rows: Row[] = [];
  let waiting: (Offset | Row)[] = [];
  /** How many of these are offsets. */
  let toRead = 0;
  let isCut = false;

  async function readPart(stretch: Stretch, offsets?: Buffer): Promise<readonly Row[]> {
    const found = isCut ? [] : await read({ ...stretch, offsets, limit: limit - rows.length });
    const [first] = found;
    isCut ||= first?.["looked"] !== undefined && integerIn(first, "looked") > found.length;
    return found;
  }

  /** Reads what waits, in one statement, and puts it in its places. */
  async function readWaiting(stretch: Stretch): Promise<void> {
    const offsets = waiting.filter((each) => typeof each === "number");
    const found = offsets.length === 0 ? [] : await readPart(stretch, bigints(offsets));
    const byOffset = Map.groupBy(found, (row) => integerIn(row, "offset"));
    for (const each of waiting) {
      const placed = typeof each === "number" ? byOffset.get(each) : [each];
      if (isCut && placed === undefined) {
        break;
      }
      rows.push(...(placed ?? []));
    }
    waiting = [];
    toRead = 0;
  }

  async function readPiece({ offsets, bytes, ...stretch }: Piece, known: Stretch): Promise<void> {
    if (offsets === undefined) {
      await readWaiting(known);
      rows.push(...(await readPart(stretch)));
    } else {
      const looks = Math.max(1, Math.ceil(bytes / BYTES_OF_A_LOOK));
      const nobodys = Math.max(0, looks - offsets.length);
      waiting.push(...offsets, ...Array<Row>(nobodys).fill(nobodysAt(lastOf(stretch, search))));
      toRead += offsets.length;
    }
  }

  const isFull = () => isCut || rows.length >= limit || isPage(rows);
  let atOnce = FIRST_BLOCKS_AT_ONCE;
  for (let rest: Stretch = search; rest.after < rest.to && !isFull(); ) {
    const blocks = await readBlocks({ session, shard, atOnce }, { ...search, ...rest });
    const known = knownOf({ blocks, atOnce }, rest, search);
    atOnce = isSparse(blocks) ? SPARSE_BLOCKS_AT_ONCE : Math.min(BLOCKS_AT_ONCE, 2 * atOnce);
    for (const piece of piecesOf(blocks, { ...search, ...known })) {
      await readPiece(piece, known);
      // An offset may have no row, or several: only what was read counts.
      if (rows.length + waiting.length >= limit || toRead > page) {
        await readWaiting(known);
      }
      if (waiting.length === 0 && isFull()) {
        break;
      }
    }
    await readWaiting(known);
    rest = search.isNewestFirst === true ? { ...rest, to: known.after } : { ...rest, after: known.to };
  }
  return { rows: rows.slice(0, limit), isCut };
}

interface BlockSource extends Omit<LookPorts, "read"> {
  /** Blocks at most. */
  readonly atOnce: number;
}

async function readBlocks(
  { session, shard, atOnce }: BlockSource,
  { after, to, wanted, isNewestFirst }: Search,
): Promise<readonly StoredBlock[]> {
  if (wanted === undefined) {
    return [];
  }
  const scan = isNewestFirst === true ? SCAN_BLOCKS_DOWNWARDS : SCAN_BLOCKS;
  const rows = await session.rows(scan, shard, after, to, atOnce, wanted.tenant);
  return rows.map(codedBlockOf);
}

/** Whether few of these blocks have anything of the tenant, so that more are no more to read. */
function isSparse(blocks: readonly StoredBlock[]): boolean {
  return blocks.filter(({ bytes }) => bytes !== NOBODYS).length * 16 <= blocks.length;
}

/** As much of a stretch as these blocks are all there are of; without more blocks, all of it. */
function knownOf(
  { blocks, atOnce }: { readonly blocks: readonly StoredBlock[]; readonly atOnce: number },
  rest: Stretch,
  { isNewestFirst }: Search,
): Stretch {
  const last = blocks.at(-1);
  if (last === undefined || blocks.length < atOnce) {
    return { after: rest.after, to: rest.to };
  }
  return isNewestFirst === true
    ? { after: Math.max(rest.after, last.after), to: rest.to }
    : { after: rest.after, to: Math.min(rest.to, last.to) };
}

function lastOf({ after, to }: Stretch, { isNewestFirst }: Search): Offset {
  return isNewestFirst === true ? after + 1 : to;
}

/** Writes blocks inside a flush. */
export async function putBlocks(
  session: Session,
  shard: number,
  { blocks, hashSubject }: { readonly blocks: readonly DirectoryBlock[]; readonly hashSubject: HashSubject },
): Promise<void> {
  if (blocks.length > 0) {
    await session.run(
      PUT_BLOCKS,
      shard,
      bigints(blocks.map(({ after }) => after)),
      bigints(blocks.map(({ to }) => to)),
      byteas(blocks.map((block) => encodeBlock(block, hashSubject))),
      texts(blocks.map(({ events }) => [...new Set(events.map(({ tenant }) => tenant))].join(" "))),
    );
  }
}

/** Forgets the subjects of events that are erased, inside a flush. */
export async function forgetSubjects(
  session: Session,
  shard: number,
  offsets: readonly Offset[],
): Promise<void> {
  const erased = new Set(offsets);
  for (const row of await session.rows(READ_BLOCKS_OF, shard, bigints(offsets))) {
    const block = codedBlockOf(row);
    const left = withoutSubjects(block, erased);
    if (left === undefined) {
      // What another version wrote may hold the subject: without the block the log itself is read.
      await session.run(REMOVE_BLOCK, shard, block.after);
    } else if (left !== block) {
      await session.run(CHANGE_BLOCK, shard, block.after, left.bytes);
    }
  }
}

/** As `blockOf`, where the block's bytes come as base64; NULL: nothing in it is the tenant's. */
function codedBlockOf(row: Row): StoredBlock {
  const block = row["block"] === null ? NOBODYS : Uint8Array.fromBase64(textIn(row, "block"));
  return blockOf({ ...row, block });
}
