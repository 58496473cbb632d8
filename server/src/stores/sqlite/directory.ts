import type { DatabaseSync } from "node:sqlite";
import type { DirectoryBlock } from "../../facts.ts";
import type { Offset } from "../../model/offset.ts";
import { integerIn, type Row } from "../columns.ts";
import { type StoredBlock, withoutSubjects } from "../directory/block.ts";
import { encodeBlock } from "../directory/encode-block.ts";
import { look } from "../directory/look.ts";
import type { Search, Stretch } from "../directory/pieces.ts";
import type { HashSubject } from "../directory/subject-hash.ts";
import { blockOf } from "../log-rows.ts";
import { nobodysAt } from "../scans.ts";
import {
  CHANGE_BLOCK,
  PUT_BLOCK,
  READ_BLOCK_OF,
  REMOVE_BLOCK,
  SCAN_BLOCKS,
  SCAN_BLOCKS_DOWNWARDS,
} from "./queries/directory.ts";

/**
 * Goes over the log with `rows`, which reads every row of a stretch in the order that is asked for, and
 * leaves out what the directory says is not wanted. A stretch with nothing in it counts as one row: nobody's.
 */
export type PreparedSearch = (
  search: Search,
  rows: (stretch: Stretch) => Iterable<Row>,
) => Generator<Row, void, undefined>;

/** Prepares going over the log by the directory. */
export function prepareSearch(database: DatabaseSync): PreparedSearch {
  const scanUp = database.prepare(SCAN_BLOCKS);
  const scanDown = database.prepare(SCAN_BLOCKS_DOWNWARDS);
  function* blocks({ after, to, isNewestFirst }: Search): Generator<StoredBlock> {
    for (const row of (isNewestFirst === true ? scanDown : scanUp).iterate(after, to)) {
      yield blockOf(row);
    }
  }
  return function* (search, rows) {
    for (const { at, row } of look({ blocks, rows, offsetOf }, search)) {
      yield row ?? nobodysAt(at);
    }
  };
}

function offsetOf(row: Row): Offset {
  return integerIn(row, "offset");
}

/** Prepares the writing of blocks inside a flush. */
export function preparePutBlock(
  database: DatabaseSync,
  hashSubject: HashSubject,
): (block: DirectoryBlock) => void {
  const put = database.prepare(PUT_BLOCK);
  return (block) => {
    put.run(block.after, block.to, encodeBlock(block, hashSubject));
  };
}

/** Prepares forgetting the subjects of events that are erased. */
export function prepareForgetSubjects(database: DatabaseSync): (offsets: readonly Offset[]) => void {
  const readBlockOf = database.prepare(READ_BLOCK_OF);
  const change = database.prepare(CHANGE_BLOCK);
  const remove = database.prepare(REMOVE_BLOCK);
  return (offsets) => {
    const erased = new Set(offsets);
    let lookedTo: Offset = 0;
    for (const offset of offsets.toSorted((one, other) => one - other)) {
      const row = offset <= lookedTo ? undefined : readBlockOf.get(offset);
      const block = row && blockOf(row);
      if (block === undefined || block.to < offset) {
        continue;
      }
      lookedTo = block.to;
      const left = withoutSubjects(block, erased);
      if (left === undefined) {
        // What another version wrote may hold the subject: without the block the log itself is read.
        remove.run(block.after);
      } else if (left !== block) {
        change.run(block.after, left.bytes);
      }
    }
  };
}
