import type { Clock } from "../clock.ts";
import type { FactsDraft } from "../facts.ts";
import type { Offset } from "../model/offset.ts";
import { isIdle, isRefused, type Lane, needsRow, rowOf, settledBelow } from "./lane.ts";
import { type LeaseState, MARK_EVERY_EVENTS } from "./lease-state.ts";
import type { Limits } from "./limits.ts";

/**
 * Moves the checkpoint after the head: below it everything is settled, in `retry`, or behind a lane that
 * has a row. It looks at memory as it is *before* the flush it belongs to, where everything not yet durable
 * is still in flight: so it may trail, and never runs ahead (invariant 1).
 */
export interface Checkpointer {
  /** Adds checkpoint and rows if it is time, and returns what takes effect once they are durable. */
  contribute(facts: FactsDraft): () => void;
  /** Lets the next flush look, however short ago the last look was. */
  hurry(): void;
  /** Calls `flush` in a while if that would move the checkpoint: it follows even when nothing more comes. */
  trail(flush: () => void): void;
  stop(): void;
}

export function createCheckpointer(
  state: LeaseState,
  { clock, limits }: { clock: Clock; limits: Limits },
): Checkpointer {
  let lookedAt = -Infinity;
  let isTrailing = false;
  let isStopped = false;

  return {
    contribute(facts) {
      const now = clock.monotonic();
      if (now - lookedAt < limits.checkpointEveryMs) {
        return () => undefined;
      }
      lookedAt = now;
      const idle = survey(state, facts, { limits, now: clock.now() });
      facts.checkpoint = Math.max(state.checkpoint, checkpointOf(state));
      return () => {
        state.checkpoint = facts.checkpoint;
        // Not before: a lane that was abandoned is idle, and the store may refuse what says so.
        for (const lane of idle.filter(isForgettable)) {
          state.lanes.delete(lane.endpoint);
        }
      };
    },
    hurry() {
      lookedAt = -Infinity;
    },
    trail(flush) {
      if (isTrailing || isStopped) {
        return;
      }
      isTrailing = true;
      clock.after(limits.checkpointEveryMs, () => {
        isTrailing = false;
        if (!isStopped && checkpointOf(state) > state.checkpoint) {
          flush();
        }
      });
    },
    stop() {
      isStopped = true;
    },
  };
}

function checkpointOf(state: LeaseState): Offset {
  let checkpoint = Math.min(state.routedTo, state.checkpointMax);
  for (const lane of state.lanes.values()) {
    if (lane.row === undefined) {
      checkpoint = Math.min(checkpoint, settledBelow(lane) - 1);
    }
  }
  return checkpoint;
}

/**
 * Looks at every lane once: which need a row, or a newer one, or none any more. Returns those that can leave
 * memory.
 */
function survey(
  state: LeaseState,
  facts: FactsDraft,
  { limits, now }: { limits: Limits; now: number },
): readonly Lane[] {
  const idle: Lane[] = [];
  const lagMarks = Math.ceil(limits.checkpointLagMax / MARK_EVERY_EVENTS);
  state.marks.splice(0, state.marks.length - lagMarks);
  const laggingBelow = state.marks.at(-lagMarks) ?? -Infinity;
  for (const lane of state.lanes.values()) {
    if (lane.row === undefined) {
      // One that leaves memory forgets how much of its rate is used up.
      if (isIdle(lane) && lane.bucketFullAt <= now) {
        idle.push(lane);
      } else if (isRowWanted(lane, laggingBelow)) {
        writeRow(lane, state, facts);
      }
    } else if (isDrained(lane)) {
      facts.releasedLanes.push(lane.endpoint);
    } else if (isRowOld(lane, lane.row.position, { routedTo: state.routedTo, laggingBelow })) {
      writeRow(lane, state, facts);
    }
  }
  return idle;
}

function isForgettable(lane: Lane): boolean {
  return lane.row === undefined && lane.stopsWaiting === 0 && isIdle(lane);
}

function isRowWanted(lane: Lane, laggingBelow: Offset): boolean {
  // The store has refused this lane's row, too: the checkpoint waits.
  return !isRefused(lane) && (needsRow(lane) || settledBelow(lane) <= laggingBelow);
}

/**
 * Whether a lane has gone on since its row was written. One that is held with nothing to send, because its
 * receiver refuses to be greeted, only follows the head: its row may lag as far as any lane without one.
 */
function isRowOld(
  lane: Lane,
  position: Offset,
  { routedTo, laggingBelow }: { routedTo: Offset; laggingBelow: Offset },
): boolean {
  const hasMoved = rowOf(lane, routedTo).position > position;
  return hasMoved && (settledBelow(lane) !== Infinity || position <= laggingBelow);
}

function writeRow(lane: Lane, state: LeaseState, facts: FactsDraft): void {
  lane.row = rowOf(lane, state.routedTo);
  facts.lanes.push(lane.row);
}

/** Whether the checkpoint alone would find all of this lane. What is in flight may yet write its row. */
function isDrained(lane: Lane): boolean {
  return (
    settledBelow(lane) === Infinity && lane.retriesInFlight.size === 0 && !lane.isReading && !needsRow(lane)
  );
}
