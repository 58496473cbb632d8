import type { DirectoryBlock } from "../../facts.ts";
import type { Offset } from "../../model/offset.ts";
import { withoutSubjects } from "../directory/block.ts";
import { encodeBlock } from "../directory/encode-block.ts";
import { type Look, look } from "../directory/look.ts";
import type { Search, Stretch } from "../directory/pieces.ts";
import type { State } from "./state.ts";

interface HasOffset {
  readonly offset: Offset;
}

/** Looks through rows that have offsets, events or what hangs on them, by the directory. */
export function lookThrough<Row extends HasOffset>(
  { directory }: State,
  table: { readonly rows: readonly Row[]; readonly rowsBefore: (offset: Offset) => number },
  search: Search,
): Generator<Look<Row>> {
  const { after, to, isNewestFirst = false } = search;
  const inOrder = <Each>(each: readonly Each[]) => (isNewestFirst ? each.toReversed() : each);
  return look(
    {
      blocks: () => inOrder(directory.rows.filter((block) => block.after < to && block.to > after)),
      rows: (stretch: Stretch) =>
        inOrder(table.rows.slice(table.rowsBefore(stretch.after + 1), table.rowsBefore(stretch.to + 1))),
      offsetOf: ({ offset }) => offset,
    },
    search,
  );
}

/** Looks through the events. */
export function lookThroughEvents(state: State, search: Search) {
  const { rows, countBefore } = state.events;
  return lookThrough(state, { rows, rowsBefore: (offset) => countBefore({ offset }) }, search);
}

/** Adds a block; one that is written again stays as it is. */
export function putBlock({ directory, hashSubject }: State, block: DirectoryBlock): void {
  if (directory.find(block) === undefined) {
    directory.put({ after: block.after, to: block.to, bytes: encodeBlock(block, hashSubject) });
  }
}

/** Forgets the subjects of events that are erased. */
export function forgetSubjects({ directory }: State, offsets: readonly Offset[]): void {
  const erased = new Set(offsets);
  for (const block of [...directory.rows]) {
    const left = withoutSubjects(block, erased);
    if (left === undefined) {
      directory.remove(block);
    } else {
      directory.put(left);
    }
  }
}
