import type { Offset } from "../../model/offset.ts";
import { findInBlock, type StoredBlock, type Wanted } from "./block.ts";

/** The part of the log after one offset up to another. */
export interface Stretch {
  readonly after: Offset;
  readonly to: Offset;
}

/** A stretch of which it is known where to look; without `offsets` all of it must be read. */
export interface Piece extends Stretch {
  /** In the order that was asked for. */
  readonly offsets: readonly Offset[] | undefined;
  /** Bytes of the directory that said so. */
  readonly bytes: number;
}

export interface Search extends Stretch {
  /** Undefined: everything, so that no directory helps. */
  readonly wanted: Wanted | undefined;
  /** Default: false. */
  readonly isNewestFirst?: boolean | undefined;
}

/**
 * Cuts a stretch of the log into pieces, one after another and without holes between them, by the blocks
 * that the directory has of it. `blocks` come in the order that was asked for, and may begin and end outside.
 */
export function* piecesOf(blocks: Iterable<StoredBlock>, search: Search): Generator<Piece> {
  const { wanted, isNewestFirst = false } = search;
  // What is not looked at yet.
  let { after, to } = search;
  for (const block of wanted === undefined ? [] : blocks) {
    const known = { after: Math.max(after, block.after), to: Math.min(to, block.to) };
    if (wanted === undefined || known.after >= known.to) {
      continue;
    }
    const unknown = isNewestFirst ? { after: known.to, to } : { after, to: known.after };
    if (unknown.after < unknown.to) {
      yield { ...unknown, offsets: undefined, bytes: 0 };
    }
    const found = findInBlock(block, wanted)?.filter((offset) => known.after < offset && offset <= known.to);
    yield { ...known, offsets: isNewestFirst ? found?.toReversed() : found, bytes: block.bytes.length };
    if (isNewestFirst) {
      to = known.after;
    } else {
      after = known.to;
    }
  }
  if (after < to) {
    yield { after, to, offsets: undefined, bytes: 0 };
  }
}
