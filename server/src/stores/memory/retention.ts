import { LIVE } from "../../model/delivery.ts";
import { type Offset, timeOfOffset } from "../../model/offset.ts";
import type { State } from "./state.ts";

/** Returns which endpoints need something up to an offset, by number. */
export function readNeeding({ lanes, retries }: State, to: Offset): readonly number[] {
  const late = [...lanes.values()].filter(({ position }) => position < to);
  const waiting = retries.rows.filter(({ cursor, offset }) => cursor === LIVE && offset <= to);
  return [...new Set([...late, ...waiting].map(({ endpoint }) => endpoint))].sort((a, b) => a - b);
}

/** Forgets what stands up to an offset, as far as nothing of it is needed; at most `limit` rows. */
export function forgetLog(state: State, to: Offset, limit: number): number {
  const { events, attempts, deadLetters, gaps, directory, replays, rangeReplays } = state;
  const end = Math.min(to, neededAfter(state));
  const endAt = timeOfOffset(end);
  let left = limit;
  const forget = <Row>(rows: readonly Row[], isOver: (row: Row) => boolean, remove: (row: Row) => void) => {
    const over = rows.filter(isOver).slice(0, left);
    over.forEach(remove);
    left -= over.length;
  };
  const isBefore = ({ offset }: { readonly offset: Offset }): boolean => offset <= end;
  forget(events.rows, isBefore, events.remove);
  forget(attempts.rows, isBefore, attempts.remove);
  forget(deadLetters.rows, isBefore, deadLetters.remove);
  forget(gaps.rows, (gap) => gap.to <= end, gaps.remove);
  // The newest says how far the directory has come.
  forget(directory.rows.slice(0, -1), (block) => block.to <= end, directory.remove);
  forget(
    [...rangeReplays.values()],
    ({ ended }) => ended !== undefined && ended.at <= endAt,
    ({ number }) => rangeReplays.delete(number),
  );
  const waiting = new Set(state.retries.rows.map(({ cursor }) => cursor));
  // The greatest number says which one is the next.
  const greatest = Math.max(...replays.keys());
  forget(
    [...replays.values()],
    ({ number, createdAt }) => createdAt <= endAt && number < greatest && !waiting.has(number),
    ({ number }) => replays.delete(number),
  );
  return limit - left;
}

/** The last offset up to which nothing is in flight or needed. */
function neededAfter({ lease, lanes, retries }: State): Offset {
  const waiting = retries.rows.filter(({ cursor }) => cursor === LIVE);
  return Math.min(
    lease.checkpoint,
    ...[...lanes.values()].map(({ position }) => position),
    ...waiting.map(({ offset }) => offset - 1),
  );
}
