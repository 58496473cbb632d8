import type { Clock, Timer } from "../clock.ts";
import type { LiveFact, LiveFeed } from "../live.ts";
import type { LiveHub } from "../live-hub.ts";
import type { Meeting, Sharing } from "../sharing.ts";

/**
 * Hands what this node's owners tell to those who watch it on other nodes, and the other way round, by way of
 * the store. Nothing is written while nobody watches elsewhere, and nothing read while nobody does here.
 */
export interface LiveRelay extends LiveFeed {
  start(): void;
  /** Takes up which tenants are watched on other nodes. */
  note(meeting: Pick<Meeting, "watched">): void;
  stop(): void;
}

export interface LiveRelayPorts {
  /** Of this node. */
  readonly hub: LiveHub;
  readonly sharing: Pick<Sharing, "watch" | "putLive" | "readLive">;
  readonly clock: Pick<Clock, "monotonic" | "after">;
  readonly onFailed: (error: unknown) => void;
}

/** How often what was told is handed on, and what others told is read. */
const EVERY_MS = 250;
/** How long others tell what was asked for; asked again after a third of it. */
const WATCH_MS = 9000;
/** Facts that are handed on at once; what is beyond is counted. */
const FACTS_MAX = 250;
/** Of `watched`: all tenants. */
const ALL_TENANTS = 0;
/** Longer than the store gives what it was told. */
const SEEN_MS = 60_000;

export function createLiveRelay({ hub, sharing, clock, onFailed }: LiveRelayPorts): LiveRelay {
  let watchedElsewhere: ReadonlySet<number> = new Set();
  let gathered: LiveFact[] = [];
  let leftOut = 0;
  let timer: Timer | undefined;
  let isStopped = false;
  let asked: { readonly what: string; readonly at: number } | undefined;
  /** By number, when it was read: two nodes may put something at once, and the later number come first. */
  const seen = new Map<number, number>();

  const isWatchedElsewhere = ({ tenant }: LiveFact): boolean =>
    watchedElsewhere.has(ALL_TENANTS) || watchedElsewhere.has(tenant.number);

  async function handOn(): Promise<void> {
    if (gathered.length > 0 || leftOut > 0) {
      const told = { facts: JSON.stringify(gathered), leftOut };
      const all = gathered.length + leftOut;
      gathered = [];
      leftOut = 0;
      try {
        await sharing.putLive(told);
      } catch (error) {
        leftOut += all;
        throw error;
      }
    }
  }

  /** Says, for a while, what is watched here. */
  async function askFor(tenants: readonly number[]): Promise<void> {
    const what = tenants.join();
    const now = clock.monotonic();
    if (asked?.what !== what || now - asked.at > WATCH_MS / 3) {
      await sharing.watch(tenants, WATCH_MS);
      asked = { what, at: now };
    }
  }

  async function readOthers(): Promise<void> {
    const now = clock.monotonic();
    for (const [number, at] of seen) {
      if (now - at > SEEN_MS) {
        seen.delete(number);
      }
    }
    for (const { number, facts, leftOut: count } of await sharing.readLive([...seen.keys()])) {
      seen.set(number, now);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a node of the same version wrote it
      hub.tell(JSON.parse(facts) as readonly LiveFact[]);
      hub.leaveOut(count);
    }
  }

  async function relay(): Promise<void> {
    await handOn();
    if (hub.isWatched) {
      const { watchedTenants } = hub;
      await askFor(watchedTenants.includes(undefined) ? [ALL_TENANTS] : watchedTenants.map(Number));
      await readOthers();
    } else {
      asked = undefined;
    }
  }

  function relayLater(): void {
    timer = clock.after(EVERY_MS, () => {
      relay()
        .catch(onFailed)
        .finally(() => {
          if (!isStopped) {
            relayLater();
          }
        });
    });
  }

  return {
    get isWatched() {
      return hub.isWatched || watchedElsewhere.size > 0;
    },
    tell(facts) {
      if (hub.isWatched) {
        hub.tell(facts);
      }
      if (watchedElsewhere.size > 0) {
        const wanted = facts.filter(isWatchedElsewhere);
        const taken = wanted.slice(0, FACTS_MAX - gathered.length);
        gathered.push(...taken);
        leftOut += wanted.length - taken.length;
      }
    },
    leaveOut(count) {
      hub.leaveOut(count);
      leftOut += watchedElsewhere.size > 0 ? count : 0;
    },
    start: relayLater,
    note({ watched }) {
      watchedElsewhere = new Set(watched);
    },
    stop() {
      isStopped = true;
      timer?.cancel();
    },
  };
}
