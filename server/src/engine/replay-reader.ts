import type { Clock } from "../clock.ts";
import { factsByOffset } from "../model/delivery-state.ts";
import { isErased } from "../model/erasure.ts";
import type { StoredEvent } from "../model/event.ts";
import type { Offset } from "../model/offset.ts";
import { isSubscribed } from "../model/subscription.ts";
import type { LogPage, Store } from "../store.ts";
import type { Flusher } from "./flusher.ts";
import { settledLookup } from "./follower.ts";
import type { Lane } from "./lane.ts";
import type { LeaseState } from "./lease-state.ts";
import type { Limits } from "./limits.ts";
import { isInCatalogue } from "./owed.ts";
import type { Payloads } from "./payloads.ts";
import { isChosen, whereaboutsOf } from "./replay-choice.ts";
import { contributeStep, isOver, passSeen, type ReplayCursor } from "./replay-cursor.ts";
import { replayEnded } from "./replay-end.ts";
import type { RetryWindow } from "./retry-window.ts";
import type { Routes } from "./routes.ts";
import { READ_AGAIN_MS, turn, wait } from "./wait.ts";

/** A replay of which little is chosen goes through very many pages. */
const PROGRESS_EVERY_MS = 1000;

/** Lets replays of ranges read on: pages of the log, filtered, into a window that is small. */
export interface ReplayReader {
  /** Reads on for each replay of the lane that has room, and ends those that are over. */
  readOn(lane: Lane): void;
}

export interface ReplayReaderPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly flusher: Flusher;
  readonly window: RetryWindow;
  readonly routes: Routes;
  readonly payloads: Payloads;
  readonly onReady: (lane: Lane) => void;
  readonly onFailed: (lane: Lane, error: unknown) => void;
}

/** A page of a replay's range, with what is known of its events. */
interface Page extends LogPage {
  readonly forgettings: number;
  /** Whether the replay's own cursor needs it no more. */
  readonly isSettled: (offset: Offset) => boolean;
  readonly isWanted: (event: StoredEvent) => boolean;
  readonly isLiveOver: (event: StoredEvent) => boolean;
}

export function createReplayReader(state: LeaseState, ports: ReplayReaderPorts): ReplayReader {
  const { store, clock, limits, flusher, payloads } = ports;
  const lease = state.lease.id;

  function wantsMore(lane: Lane, { replay, isPaused, isReading, readTo, open, seen }: ReplayCursor): boolean {
    const hasRoom = open.size <= limits.replayWindowMax / 2 && seen.length < limits.replaySeenMax;
    // Half of the retries that may wait is left to the live cursor.
    const mayFail = lane.retries < Math.max(1, limits.retriesPerLaneMax / 2);
    const isWaited = lane.route.state === "enabled" && !isPaused;
    return !isReading && readTo < replay.to && hasRoom && mayFail && isWaited;
  }

  function isHere(lane: Lane, cursor: ReplayCursor): boolean {
    return state.lanes.get(lane.endpoint) === lane && lane.cursors.get(cursor.replay.number) === cursor;
  }

  async function readPage(lane: Lane, { replay, readTo, open }: ReplayCursor): Promise<Page | undefined> {
    const { number, tenant, types } = replay;
    const { forgettings } = payloads;
    const page = await store.readLog({
      lease,
      after: readTo,
      to: replay.to,
      tenant,
      types,
      limit: Math.min(limits.pageEventsMax, limits.replayWindowMax - open.size),
      bytesMax: limits.pageBytesMax,
    });
    const source = await ports.routes.find(replay.source);
    if (source === undefined) {
      return undefined;
    }
    const { endpoint } = lane;
    const offsets = page.events.map(({ offset }) => offset);
    const range = { lease, after: readTo, to: page.scannedTo, endpoint };
    const isSettled = settledLookup(await store.readSettled({ ...range, cursor: number }));
    const atSource = factsByOffset(await store.readFacts({ tenant, offsets, endpoint: replay.source }));
    const atTarget =
      endpoint === replay.source
        ? atSource
        : factsByOffset(await store.readFacts({ tenant, offsets, endpoint }));
    return {
      ...page,
      forgettings,
      isSettled: (offset) => isSettled(endpoint, offset),
      isWanted(event) {
        const found = whereaboutsOf(source, event, atSource(event.offset));
        // What the live cursor of another endpoint has yet to come to is nothing to this one.
        const whereabouts = endpoint !== replay.source && found === "pending" ? "retrying" : found;
        const isFit = isSubscribed(types, event.type) && isInCatalogue(lane.route.contract, event.type);
        return isFit && isChosen(replay.only, whereabouts);
      },
      isLiveOver(event) {
        const whereabouts = whereaboutsOf(lane.route, event, atTarget(event.offset));
        return whereabouts !== "pending" && whereabouts !== "retrying";
      },
    };
  }

  function addPage(cursor: ReplayCursor, page: Page): void {
    const now = clock.now();
    let lookedAt = 0;
    const see = (to: Offset, chosen: number, passedOver: number): void => {
      cursor.seen.push({ to, lookedAt, chosen, passedOver });
      lookedAt = 0;
    };
    for (const event of page.events) {
      const { offset } = event;
      lookedAt += 1;
      const isSettled = page.isSettled(offset);
      if (!isSettled && !page.isWanted(event)) {
        continue;
      }
      const isGone = isErased(event) || state.erased.has(offset) || (event.expiresAt ?? Infinity) <= now;
      if (!isSettled && !isGone) {
        cursor.open.add(offset);
        cursor.ready.push(offset);
        payloads.put(event, page.forgettings);
        if (page.isLiveOver(event)) {
          cursor.liveIsOver.add(offset);
        }
      }
      see(offset, 1, !isSettled && isGone ? 1 : 0);
    }
    see(page.scannedTo, 0, 0);
    cursor.readTo = page.scannedTo;
  }

  async function read(lane: Lane, cursor: ReplayCursor): Promise<void> {
    const page = await readPage(lane, cursor);
    if (page !== undefined && isHere(lane, cursor)) {
      addPage(cursor, page);
      tellProgress(lane, cursor);
    }
    await turn(clock);
  }

  /** Seldom: what is chosen tells how far it is with its outcomes, and the end tells everything. */
  function tellProgress(lane: Lane, cursor: ReplayCursor): void {
    const now = clock.monotonic();
    if (cursor.toldAt > now - PROGRESS_EVERY_MS) {
      return;
    }
    cursor.toldAt = now;
    flusher.add({
      endpoint: lane.endpoint,
      contribute(facts) {
        if (isHere(lane, cursor)) {
          contributeStep(facts, cursor);
        }
      },
      applied: () => undefined,
    });
  }

  function start(lane: Lane, cursor: ReplayCursor): void {
    cursor.isReading = true;
    read(lane, cursor)
      .catch((error: unknown) => {
        ports.onFailed(lane, error);
        return wait(clock, READ_AGAIN_MS);
      })
      .finally(() => {
        cursor.isReading = false;
        ports.onReady(lane);
      });
  }

  return {
    readOn(lane) {
      for (const cursor of lane.cursors.values()) {
        passSeen(cursor);
        if (!cursor.isReading && !cursor.isPaused && isOver(cursor)) {
          const end = { how: "finished", reason: undefined, at: clock.now() } as const;
          flusher.add(replayEnded(state, ports.window, { lane, cursor, end }));
        } else if (wantsMore(lane, cursor)) {
          start(lane, cursor);
        }
      }
    },
  };
}
