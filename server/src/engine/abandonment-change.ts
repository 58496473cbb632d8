import type { FactsDraft } from "../facts.ts";
import { type FrozenBatch, type Hold, LIVE, type Retry } from "../model/delivery.ts";
import { abandonedUpTo, currentVersion, type Endpoint } from "../model/endpoint.ts";
import type { Offset } from "../model/offset.ts";
import { type KnownFailing, noteFailing } from "./failing.ts";
import type { Change } from "./flusher.ts";
import type { Changed } from "./follower.ts";
import { beginAnew, dueBy } from "./hold-end.ts";
import { isIdle, isRefused, type Lane, rowOf, settledBelow } from "./lane.ts";
import type { LeaseState } from "./lease-state.ts";
import { contributeStep } from "./replay-cursor.ts";
import type { RetryWindow } from "./retry-window.ts";
import { forgetTold } from "./told-holds.ts";

export interface Applying extends Changed {
  readonly now: number;
  /** A retry was put into the window. */
  readonly onRetryAdded: () => void;
}

/**
 * Records that the owner applied the changes of an endpoint; where one of them disabled or deleted it,
 * everything it was owed until then becomes a gap. Memory forgets at once, so that nothing more is sent.
 */
export function changeApplied(
  state: LeaseState,
  window: RetryWindow,
  { endpoint, ended, after, changesApplied, now, onRetryAdded }: Applying,
): Change {
  const lane = state.lanes.get(endpoint.number);
  const from = Math.min(lane === undefined ? Infinity : settledBelow(lane), state.routedTo + 1);
  const to = abandonedUpTo(endpoint);
  const isFromAfter = lane !== undefined && isRowFromAfter(lane, to);
  const applied = () => Math.min(changesApplied, state.changesAppliedMax);
  const frozen = lane?.batch;
  const hold = ended === undefined ? lane?.hold : undefined;
  let hastened: readonly Retry[] = [];
  if (ended === undefined && lane !== undefined) {
    beginAnew(lane, now);
  }
  const ending = ended === undefined ? undefined : { to, replays: state.replays };
  // Whatever was asked for before: changes are applied before what is asked after them is taken up.
  const replays = ended === undefined ? [] : [...(lane?.cursors.values() ?? [])];
  const noteEnded = (isDurable: boolean): void =>
    replays.forEach(({ replay }) => state.endedReplays.set(replay.number, { isDurable }));
  noteEnded(false);
  if (ending !== undefined) {
    state.ending.set(endpoint.number, ending);
    state.retryCounts.delete(endpoint.number);
    window.removeWhere(endpoint.number, ({ offset }) => offset <= to);
    if (lane !== undefined) {
      forget(lane, to, state.routedTo);
    }
  }

  return {
    endpoint: endpoint.number,
    contribute(facts) {
      facts.changesApplied = Math.max(facts.changesApplied, applied());
      if (ended === undefined || ending === undefined) {
        contributeRow(facts, lane, { frozen, now, routedTo: state.routedTo });
        hastened = heldUntil(hold, window.waitingFor(endpoint.number)).map((retry) => ({
          ...retry,
          dueAt: now,
        }));
        facts.retries.push(...hastened);
        return;
      }
      const reason = ended.state === "deleted" ? "cancelled" : "disabled";
      const replaysBefore = ended.change;
      facts.abandoned.push({ endpoint: endpoint.number, from, to, replaysBefore, reason, at: now });
      for (const cursor of replays) {
        contributeStep(facts, cursor, { how: "cancelled", reason: "endpoint_disabled", at: now });
      }
      if (!isFailingFromAfter(state, endpoint)) {
        noteFailing(state, facts, { endpoint: endpoint.number, now: undefined });
      }
      if (!isFromAfter) {
        forgetTold(facts, state.toldHolds, endpoint.number);
      }
      if (lane?.row !== undefined && !isIdle(lane)) {
        // The checkpoint may have passed what the lane is owed since: it keeps a row.
        lane.row = rowOf(lane, state.routedTo);
        facts.lanes.push(lane.row);
      } else {
        facts.releasedLanes.push(endpoint.number);
      }
    },
    applied() {
      noteEnded(true);
      state.changesApplied = Math.max(state.changesApplied, applied());
      // One that a person or a replay took out meanwhile stays out.
      for (const retry of hastened.filter((each) => window.remove(each) !== undefined)) {
        window.add(retry);
        onRetryAdded();
      }
      if (ending !== undefined) {
        // A page of retries that was read meanwhile may have brought back what is gone from the store now.
        window.removeWhere(endpoint.number, ({ offset }) => offset <= to);
        if (state.ending.get(endpoint.number) === ending) {
          state.ending.delete(endpoint.number);
        }
      }
      if (lane !== undefined && ended !== undefined && isRefused(lane)) {
        startAnew(lane, to);
      }
    },
    failed() {
      state.changesAppliedMax = Math.min(state.changesAppliedMax, after);
      // An endpoint that was owed something may have no lane that remembers where it stood.
      if (ending !== undefined) {
        state.checkpointMax = Math.min(state.checkpointMax, from - 1);
      }
    },
  };
}

/** Returns the retries that wait because of a hold: they go with it, whatever it asked for. */
function heldUntil(hold: Hold | undefined, waiting: readonly Retry[]): readonly Retry[] {
  return hold === undefined
    ? []
    : waiting.filter(({ reason, dueAt }) => reason === hold.reason && dueAt <= hold.until);
}

/**
 * Writes what is left of a hold and of a frozen batch's wait. What became of that batch meanwhile, and is
 * written with the same flush, stays.
 */
function contributeRow(
  facts: FactsDraft,
  lane: Lane | undefined,
  { frozen, now, routedTo }: { frozen: FrozenBatch | undefined; now: number; routedTo: Offset },
): void {
  const row = lane?.row;
  if (lane === undefined || row === undefined) {
    return;
  }
  const batch = row.batch !== undefined && row.batch === frozen ? dueBy(frozen, now) : row.batch;
  if (row.hold !== lane.hold || row.batch !== batch) {
    lane.row = { ...rowOf(lane, routedTo), batch };
    facts.lanes.push(lane.row);
  }
}

/** What stopped a lane is over with all that it was owed. */
function startAnew(lane: Lane, to: Offset): void {
  lane.refusedAfter = Infinity;
  for (const offset of lane.inFlight) {
    if (offset <= to) {
      lane.inFlight.delete(offset);
    }
  }
}

/** Whether the lane goes on as it is: its row is from after, and only its owner did not know of this. */
function isRowFromAfter({ storedRow }: Lane, to: Offset): boolean {
  return (storedRow?.position ?? 0) >= to;
}

/** Whether an endpoint fails by what another owner has stored since: only this one did not know of this. */
function isFailingFromAfter({ failing, failuresSeen }: KnownFailing, endpoint: Endpoint): boolean {
  const since = failing.get(endpoint.number) ?? -Infinity;
  const { state } = currentVersion(endpoint);
  const isOver = state === "disabled" || state === "deleted";
  return since > endpoint.updatedAt && !failuresSeen.has(endpoint.number) && !isOver;
}

function forget(lane: Lane, to: Offset, routedTo: Offset): void {
  lane.ready.filter((offset) => offset > to);
  for (const retries of [lane.due, lane.retriesInFlight]) {
    for (const [key, { offset }] of retries) {
      if (offset <= to) {
        retries.delete(key);
      }
    }
  }
  for (const offsets of [lane.cancelled, lane.superseded]) {
    for (const offset of offsets) {
      if (offset <= to) {
        offsets.delete(offset);
      }
    }
  }
  if (!isRowFromAfter(lane, to)) {
    lane.hold = undefined;
    lane.failures = undefined;
    lane.batch = undefined;
    lane.cursor = Math.max(lane.cursor, to);
    // Nothing that was routed is left to read: what comes is followed.
    lane.isBehind &&= to <= routedTo;
  }
  lane.cursors.clear();
  // What waits beyond the window is gone from the store, too.
  lane.retries = lane.due.size;
  lane.replays = [...lane.due.values()].filter(({ cursor }) => cursor !== LIVE).length;
}
