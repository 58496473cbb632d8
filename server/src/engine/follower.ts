import type { Clock } from "../clock.ts";
import { currentVersion, type Endpoint, type EndpointVersion } from "../model/endpoint.ts";
import type { StoredEvent } from "../model/event.ts";
import type { Offset } from "../model/offset.ts";
import type { Appended, Head, Settled, Store } from "../store.ts";
import { type Lane, offer } from "./lane.ts";
import type { LatestOnly } from "./latest-only.ts";
import { type LeaseState, laneFor, markRouted } from "./lease-state.ts";
import type { Limits } from "./limits.ts";
import type { Payloads } from "./payloads.ts";
import type { Routes } from "./routes.ts";
import { READ_AGAIN_MS, turn, wait } from "./wait.ts";

/**
 * Keeps the lanes abreast of the log: hands every event to the lanes that are owed it, and applies changes
 * on the way.
 */
export interface Follower {
  /** Routes what was just appended, without reading it where nothing came between. */
  onAppended(appended: Appended): void;
  /** Routes up to a head, and applies changes up to a number, that somebody has read. */
  note(head: Head): void;
  /** Applies the changes there are, and routes nothing. */
  applyChanges(): Promise<void>;
  /** Reads on, up to the head; resolves when it was reached. */
  catchUp(): Promise<void>;
  stop(): void;
}

export interface FollowerPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly routes: Routes;
  readonly payloads: Payloads;
  readonly latestOnly: LatestOnly;
  /** Is given every stretch of the log once it is routed, in order. */
  readonly noteRouted: (routed: Routed) => void;
  readonly onReady: (lane: Lane) => void;
  readonly onRouted: () => void;
  readonly onChanged: (changed: Changed) => void;
  readonly onFailed: (error: unknown) => void;
}

/** A stretch of the log with every event in it. */
export interface Routed {
  readonly after: Offset;
  readonly to: Offset;
  readonly events: readonly StoredEvent[];
  /** `forgettings` of the payloads before the events were read; undefined: they were just accepted. */
  readonly seen: number | undefined;
}

/** An endpoint that was changed. */
export interface Changed {
  readonly endpoint: Endpoint;
  /** The version that disabled or deleted it, if one of the new ones did. */
  readonly ended: EndpointVersion | undefined;
  /** Changes up to this number had been followed before. */
  readonly after: number;
  /** With it, and what was told before it, every change up to this number is applied. */
  readonly changesApplied: number;
}

export function createFollower(state: LeaseState, ports: FollowerPorts): Follower {
  const { store, clock, limits, routes, payloads, noteRouted } = ports;
  const lease = state.lease.id;
  let catchingUp: Promise<void> | undefined;
  let headSeen: Offset = state.settledTo;
  let changesSeen = state.changes;
  let isStopped = false;

  function route(event: StoredEvent, isSettled: (endpoint: number) => boolean, seen?: number): void {
    const now = clock.now();
    for (const owed of routes.match(event) ?? []) {
      const number = owed.endpoint.number;
      if (isSettled(number)) {
        continue;
      }
      const lane = laneFor(state, owed);
      // A lane that was found with a row, or fell behind, reads this event by cursor.
      if (!lane.isBehind && !lane.cancelled.delete(event.offset)) {
        offer(lane, event.offset, { now, readyMax: limits.laneReadyMax });
        payloads.put(event, seen);
        if (!lane.isBehind) {
          ports.latestOnly.note(lane, event);
        }
        ports.onReady(lane);
      }
    }
    state.routedTo = event.offset;
    markRouted(state, event.offset);
  }

  function isRoutable(events: readonly StoredEvent[]): boolean {
    return events.every((event) => routes.match(event) !== undefined);
  }

  async function applyChangesUpTo(last: number): Promise<void> {
    const before = state.changes;
    const changed = await store.readChanged(lease, before);
    // What came since the head was read is among them; from here on it counts as applied.
    const newest = changed.at(-1);
    state.changes = Math.max(before, last, newest === undefined ? 0 : currentVersion(newest).change);
    for (const endpoint of changed) {
      const lane = state.lanes.get(endpoint.number);
      const updated = routes.update(endpoint, lane?.route.tenant);
      if (lane !== undefined && updated !== undefined) {
        lane.route = updated;
        lane.attention = undefined;
      }
      // They come by their last changes: one of the first may be that of an endpoint that comes last.
      const changesApplied = endpoint === newest ? state.changes : before;
      ports.onChanged({ endpoint, ended: endedSince(endpoint, before), after: before, changesApplied });
    }
  }

  /** Routes one page; what the store knows as settled from before this owner is passed over. */
  async function routePage(to: Offset): Promise<void> {
    const after = state.routedTo;
    const { forgettings } = payloads;
    const page = await store.readLog({
      lease,
      after,
      to,
      limit: limits.pageEventsMax,
      bytesMax: limits.pageBytesMax,
    });
    const settled =
      after < state.settledTo
        ? settledLookup(await store.readSettled({ lease, after, to: page.scannedTo }))
        : () => false;
    for (const event of page.events) {
      // One at a time: loading the routes of one tenant may put those of another out.
      if (routes.match(event) === undefined) {
        await routes.load(event.tenant);
      }
      route(event, (endpoint) => settled(endpoint, event.offset), forgettings);
    }
    state.routedTo = page.scannedTo;
    noteRouted({ after, to: page.scannedTo, events: page.events, seen: forgettings });
  }

  async function followToHead(): Promise<void> {
    for (;;) {
      const { head, changes } = await store.readHead(lease);
      headSeen = Math.max(headSeen, head);
      changesSeen = Math.max(changesSeen, changes);
      if (changes > state.changes) {
        await applyChangesUpTo(changes);
      }
      while (state.routedTo < head && !isStopped) {
        await routePage(head);
        await turn(clock);
      }
      if (isStopped || (state.routedTo >= headSeen && state.changes >= changesSeen)) {
        return;
      }
    }
  }

  function catchUp(): Promise<void> {
    catchingUp ??= followUntilDone().finally(() => {
      catchingUp = undefined;
      ports.onRouted();
    });
    return catchingUp;
  }

  async function followUntilDone(follow: () => Promise<void> = followToHead): Promise<void> {
    while (!isStopped) {
      try {
        return await follow();
      } catch (error) {
        if (isStopped) {
          // The store was closed meanwhile.
          return;
        }
        ports.onFailed(error);
        await wait(clock, READ_AGAIN_MS);
      }
    }
  }

  return {
    onAppended({ previousHead, head, changes, results }) {
      headSeen = Math.max(headSeen, head);
      changesSeen = Math.max(changesSeen, changes);
      const stored = results.flatMap((result) => (result.kind === "accepted" ? result.stored : []));
      const isNext = catchingUp === undefined && previousHead === state.routedTo && changes === state.changes;
      if (!isNext || !isRoutable(stored)) {
        void catchUp();
        return;
      }
      for (const event of stored) {
        route(event, () => false);
      }
      state.routedTo = head;
      noteRouted({ after: previousHead, to: head, events: stored, seen: undefined });
      ports.onRouted();
    },
    note({ head, changes }) {
      headSeen = Math.max(headSeen, head);
      changesSeen = Math.max(changesSeen, changes);
      if (head > state.routedTo || changes > state.changes) {
        void catchUp();
      }
    },
    applyChanges: () => followUntilDone(async () => applyChangesUpTo((await store.readHead(lease)).changes)),
    async catchUp() {
      // One that is under way may have looked at the head already.
      await catchingUp;
      await catchUp();
    },
    stop() {
      isStopped = true;
    },
  };
}

/** Makes a lookup of what the store knows as settled. */
export function settledLookup({ deliveries, gaps }: Settled): (endpoint: number, offset: Offset) => boolean {
  const known = new Set(deliveries.map(({ endpoint, offset }) => `${endpoint}/${offset}`));
  return (endpoint, offset) =>
    known.has(`${endpoint}/${offset}`) ||
    gaps.some((gap) => gap.endpoint === endpoint && gap.from <= offset && offset <= gap.to);
}

function endedSince(endpoint: Endpoint, change: number): EndpointVersion | undefined {
  return endpoint.versions.findLast(
    (version) => version.change > change && (version.state === "disabled" || version.state === "deleted"),
  );
}
