import type { ReplayEnd } from "../model/range-replay.ts";
import type { Change } from "./flusher.ts";
import type { Lane } from "./lane.ts";
import type { LeaseState } from "./lease-state.ts";
import { contributeStep, type ReplayCursor, takenOf } from "./replay-cursor.ts";
import type { RetryWindow } from "./retry-window.ts";

export interface Ending {
  readonly lane: Lane;
  readonly cursor: ReplayCursor;
  readonly end: ReplayEnd;
}

/**
 * Ends a replay of a range with what still waits of it. Memory forgets at once, so that nothing more of it is
 * sent; what is on its way is recorded, and nothing follows from it.
 */
export function replayEnded(state: LeaseState, window: RetryWindow, { lane, cursor, end }: Ending): Change {
  const { number } = cursor.replay;
  const isMine = (retry: { readonly cursor: number }) => retry.cursor === number;
  state.endedReplays.set(number, { isDurable: false });
  lane.cursors.delete(number);
  lane.retries -= cursor.waiting + takenOf(cursor);
  lane.replays -= cursor.waiting + takenOf(cursor);
  for (const retries of [lane.due, lane.retriesInFlight]) {
    for (const [key, retry] of retries) {
      if (isMine(retry)) {
        retries.delete(key);
      }
    }
  }
  window.removeWhere(lane.endpoint, isMine);
  return {
    endpoint: lane.endpoint,
    contribute: (facts) => contributeStep(facts, cursor, end),
    applied() {
      state.endedReplays.set(number, { isDurable: true });
      // A page of retries that was read meanwhile may have brought some back.
      window.removeWhere(lane.endpoint, isMine);
    },
  };
}
