import type { Endpoint } from "../model/endpoint.ts";
import type { OpenReplay } from "../model/range-replay.ts";
import type { AskedPorts } from "./asked-ports.ts";
import { flushed } from "./flushed.ts";
import type { Lane } from "./lane.ts";
import { type LeaseState, laneFor } from "./lease-state.ts";
import { createReplayCursor, type ReplayCursor } from "./replay-cursor.ts";
import { replayEnded } from "./replay-end.ts";
import type { Route } from "./routes.ts";
import { untilDone } from "./until-done.ts";

/** Takes up replays of ranges that were asked for, and what was asked of them since. */
export interface Replayer {
  /** Looks at what is stored as asked for. Resolves when what that ends is durable. */
  look(): Promise<void>;
  stop(): void;
}

export interface ReplayerPorts extends AskedPorts {
  readonly onFailed: (error: unknown) => void;
}

export function createReplayer(state: LeaseState, ports: ReplayerPorts): Replayer {
  const { store, clock, flusher, window, routes } = ports;
  const lease = state.lease.id;
  let isStopped = false;
  let looking: Promise<void> = Promise.resolve();
  const persisting = { clock, isStopped: () => isStopped, onFailed: ports.onFailed };

  async function lookOnce(): Promise<void> {
    // What is read from here on tells of those itself.
    for (const [number, { isDurable }] of state.endedReplays) {
      if (isDurable) {
        state.endedReplays.delete(number);
      }
    }
    const open = await untilDone(() => store.readReplays(lease), persisting);
    // A change that was there when it was asked for must not end it.
    const { changes } = await untilDone(() => store.readHead(lease), persisting);
    if (changes > state.changes) {
      await ports.catchUp();
    }
    await Promise.all(open.map(takeUp));
  }

  async function takeUp(replay: OpenReplay): Promise<void> {
    const route = await untilDone(() => routes.find(replay.endpoint), persisting);
    if (route === undefined || state.endedReplays.has(replay.number)) {
      return;
    }
    const lane = laneFor(state, routes.latest(route));
    const known = lane.cursors.get(replay.number);
    const reason = endOf(replay, lane.route);
    if (reason === undefined) {
      const cursor = known ?? createReplayCursor(replay);
      cursor.isPaused = replay.wish === "pause";
      lane.cursors.set(replay.number, cursor);
      ports.onReady(lane);
    } else {
      await ended(lane, known ?? createReplayCursor(replay), reason);
    }
  }

  function ended(lane: Lane, cursor: ReplayCursor, reason: string): Promise<void> {
    const end = { how: "cancelled", reason, at: clock.now() } as const;
    const change = replayEnded(state, window, { lane, cursor, end });
    return flushed(flusher, {
      ...change,
      applied() {
        change.applied();
        ports.onReady(lane);
      },
    });
  }

  return {
    look() {
      const next = looking.then(lookOnce);
      looking = next.catch(() => undefined);
      return next;
    },
    stop() {
      isStopped = true;
    },
  };
}

/** Returns why a replay ends here, as a code; undefined if it goes on. */
function endOf({ wish, changes }: OpenReplay, { endpoint }: Route): string | undefined {
  if (wish === "cancel") {
    return "by_request";
  }
  return hasEndedSince(endpoint, changes) ? "endpoint_disabled" : undefined;
}

/** Whether an endpoint is disabled or deleted, or was so after these changes: that ends a replay to it. */
function hasEndedSince({ versions }: Endpoint, changes: number): boolean {
  const since = versions.filter(({ change }, index) => change > changes || index === versions.length - 1);
  return since.some(({ state }) => state === "disabled" || state === "deleted");
}
