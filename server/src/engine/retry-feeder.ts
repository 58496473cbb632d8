import type { Clock } from "../clock.ts";
import { LIVE, type Retry } from "../model/delivery.ts";
import { isRangeReplay } from "../model/range-replay.ts";
import type { Store } from "../store.ts";
import type { Alarm } from "./alarm.ts";
import type { Fault } from "./fault.ts";
import { type Lane, retryKey, takeOff } from "./lane.ts";
import { type LeaseState, laneFor } from "./lease-state.ts";
import type { RetryWindow } from "./retry-window.ts";
import type { Routes } from "./routes.ts";
import { READ_AGAIN_MS } from "./wait.ts";

/** Hands retries to their lanes when they are due, and keeps the window filled. */
export interface RetryFeeder {
  /** Looks now, and sets the alarm for the next one. */
  readonly feed: () => void;
}

export interface RetryFeederPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly alarm: Alarm;
  readonly window: RetryWindow;
  readonly routes: Routes;
  readonly onReady: (lane: Lane) => void;
  readonly onFault: (fault: Fault) => void;
}

export function createRetryFeeder(state: LeaseState, ports: RetryFeederPorts): RetryFeeder {
  const { store, clock, alarm, window, routes } = ports;
  let alarmAt = Infinity;

  function feed(): void {
    for (const retry of window.takeDue(clock.now())) {
      const lane = state.lanes.get(retry.endpoint);
      if (lane === undefined) {
        void wakeLane(retry);
      } else {
        hand(lane, retry);
      }
    }
    if (window.wantsMore()) {
      void load();
    }
    setAlarm(window.nextDueAt());
  }

  function hand(lane: Lane, retry: Retry): void {
    const key = retryKey(retry);
    const ending = state.ending.get(retry.endpoint);
    const isEnding = ending !== undefined && retry.offset <= ending.to && retry.cursor <= ending.replays;
    // A replay may have been asked for after the endpoint was enabled again.
    const isOver = isRangeReplay(retry.cursor) && !lane.cursors.has(retry.cursor);
    const isOwed = !isEnding && !isOver && (retry.cursor !== LIVE || retry.offset > lane.route.abandonedTo);
    const isToGo = window.claim(retry) && isOwed && !lane.retriesInFlight.has(key);
    if (isToGo && retry.cursor === LIVE && lane.replayed.has(retry.offset)) {
      takeOff(lane, retry.offset);
    } else if (isToGo) {
      lane.due.set(key, retry);
      ports.onReady(lane);
    }
  }

  async function wakeLane(retry: Retry): Promise<void> {
    try {
      const route = await routes.find(retry.endpoint);
      if (route === undefined) {
        window.claim(retry);
      } else {
        hand(laneFor(state, routes.latest(route)), retry);
      }
    } catch (error) {
      fail(error);
      if (window.claim(retry)) {
        window.add(retry);
      }
    }
  }

  async function load(): Promise<void> {
    try {
      await window.load((after, limit) => store.readRetries(state.lease.id, after, limit));
      feed();
    } catch (error) {
      fail(error);
    }
  }

  function fail(error: unknown): void {
    ports.onFault({ what: "read_failed", error });
    setAlarm(clock.now() + READ_AGAIN_MS);
  }

  function setAlarm(at: number | undefined): void {
    if (at === undefined || at >= alarmAt) {
      return;
    }
    alarmAt = at;
    alarm.set(at, () => {
      alarmAt = Infinity;
      feed();
    });
  }

  return { feed };
}
