import type { Clock } from "../clock.ts";
import type { Store } from "../store.ts";
import { settledLookup } from "./follower.ts";
import { type Lane, lineLength, pushReady } from "./lane.ts";
import type { LatestOnly } from "./latest-only.ts";
import type { LeaseState } from "./lease-state.ts";
import type { Limits } from "./limits.ts";
import { typesOwedAfter } from "./owed.ts";
import type { Payloads } from "./payloads.ts";
import { isOwed } from "./routes.ts";
import { READ_AGAIN_MS, turn, wait } from "./wait.ts";

export interface LaneReaderPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly payloads: Payloads;
  readonly latestOnly: LatestOnly;
  readonly onReady: (lane: Lane) => void;
  readonly onFailed: (lane: Lane, error: unknown) => void;
}

/** Lets a lane that is behind read on by cursor when it has room: memory does not grow with the backlog. */
export interface LaneReader {
  /** Starts reading if the lane is behind and half of its room is free. */
  readOn(lane: Lane): void;
}

export function createLaneReader(state: LeaseState, ports: LaneReaderPorts): LaneReader {
  const { store, clock, limits, payloads, latestOnly } = ports;
  const lease = state.lease.id;
  const enough = limits.laneReadyMax / 2;

  /** Reads pages until the lane has enough or has reached the place up to which events are routed. */
  async function read(lane: Lane): Promise<void> {
    while (lane.isBehind && lineLength(lane) < enough) {
      await readPage(lane);
      if (lane.cursor >= state.routedTo) {
        // Nothing was routed since the page was read: from here on the lane follows.
        lane.isBehind = false;
        return;
      }
      await turn(clock);
    }
  }

  async function readPage(lane: Lane): Promise<void> {
    const after = lane.cursor;
    // As it is now: it may be settled while the page is read, too late for what the store says.
    const frozen = lane.batch?.offsets ?? [];
    const { forgettings } = payloads;
    const page = await store.readLog({
      lease,
      after,
      to: state.routedTo,
      tenant: lane.route.endpoint.tenant,
      types: typesOwedAfter(lane.route, after),
      limit: Math.min(limits.pageEventsMax, limits.laneReadyMax - lineLength(lane)),
      bytesMax: limits.pageBytesMax,
    });
    const isSettled =
      after < lane.settledTo
        ? settledLookup(
            await store.readSettled({ lease, after, to: page.scannedTo, endpoint: lane.endpoint }),
          )
        : () => false;
    if (lane.cursor !== after) {
      // The lane was told to go on from elsewhere meanwhile.
      return;
    }
    const now = clock.now();
    for (const event of page.events) {
      const { offset } = event;
      const isTaken = lane.cancelled.delete(offset) || frozen.includes(offset);
      if (isOwed(lane.route, event) && !isTaken && !isSettled(lane.endpoint, offset)) {
        pushReady(lane, offset, now);
        latestOnly.note(lane, event);
        payloads.put(event, forgettings);
      }
    }
    lane.cursor = page.scannedTo;
  }

  return {
    readOn(lane) {
      // A lane found with its row waits until its owner has recovered: what comes to be routed before then
      // may stand in its frozen batch.
      const isAhead = lane.cursor > state.routedTo || state.routedTo < state.settledTo;
      if (!lane.isBehind || lane.isReading || isAhead || lineLength(lane) >= enough) {
        return;
      }
      lane.isReading = true;
      read(lane)
        .catch((error: unknown) => {
          ports.onFailed(lane, error);
          return wait(clock, READ_AGAIN_MS);
        })
        .finally(() => {
          lane.isReading = false;
          ports.onReady(lane);
        });
    },
  };
}
