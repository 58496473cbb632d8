import type { Offset } from "../../model/offset.ts";
import type { StoredBlock } from "./block.ts";
import { piecesOf, type Search, type Stretch } from "./pieces.ts";

/** What one look at the log has found, and how far it came: no row where a stretch has nothing wanted. */
export interface Look<Row> {
  /** The row's offset, or the last that was passed. */
  readonly at: Offset;
  readonly row: Row | undefined;
}

/** How a store reads the directory, and rows that have offsets. */
export interface LogSource<Row> {
  /** Blocks that have a part in a stretch, in the order that is asked for; they may come lazily. */
  blocks(search: Search): Iterable<StoredBlock>;
  /** Every row of a stretch, wanted or not, in the order that is asked for. */
  rows(stretch: Stretch): Iterable<Row>;
  offsetOf(row: Row): Offset;
}

/**
 * Looks for what is wanted, wherever it may be: whoever looks sees all of it, and some of what is not
 * wanted. A look is either at one row, or at one block of the directory that names nothing.
 */
export function* look<Row>(source: LogSource<Row>, search: Search): Generator<Look<Row>> {
  for (const { offsets, ...stretch } of piecesOf(source.blocks(search), search)) {
    const stretches = offsets?.map((offset) => ({ after: offset - 1, to: offset })) ?? [stretch];
    for (const each of stretches) {
      for (const row of source.rows(each)) {
        yield { at: source.offsetOf(row), row };
      }
    }
    if (stretches.length === 0) {
      yield { at: search.isNewestFirst === true ? stretch.after + 1 : stretch.to, row: undefined };
    }
  }
}
