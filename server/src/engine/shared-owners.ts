import type { Timer } from "../clock.ts";
import type { Meeting, Sharing } from "../sharing.ts";
import { movesTo } from "./fair-share.ts";
import { limitsOfLease } from "./limits-of-lease.ts";
import { createNewsReader } from "./news-reader.ts";
import { type Owner, takeOwner } from "./owner.ts";
import type { OwnerPorts } from "./owner-ports.ts";
import type { Owners } from "./owners.ts";

/** The same leases from another place on, so that not all nodes want the same ones. */
function from(leases: readonly number[], fraction: number): readonly number[] {
  const place = Math.floor(fraction * leases.length);
  return [...leases.slice(place), ...leases.slice(0, place)];
}

export interface SharedOwnersPorts extends Omit<OwnerPorts, "onLost"> {
  /** Learns what nodes tell one another as they meet. Default: nobody does. */
  readonly onMet?: ((meeting: Meeting) => void) | undefined;
}

/** A lease that this node has claimed, and what it made of it. */
interface Held {
  /** Undefined: it is being taken. */
  taken: Owner | undefined;
  /** Undefined: it is being taken, or recovers. */
  owner: Owner | undefined;
  /** Resolves when it is known what became of the claim. */
  readonly started: Promise<void>;
}

/** Moments by the monotonic clock. */
interface Claim {
  /** Until then nobody else can take what was claimed. */
  readonly endsAt: number;
  /** Not before then it is taken again, if it could not be taken. */
  readonly againAt: number;
}

// Of the time of a lease: nodes that come and go are seen long before leases end.
const MEET_PARTS = 15;
const MEET_EVERY_MS_MAX = 1000;

// Each asks the store for much, and waits for it: more at once than this would keep one another, and what is
// accepted meanwhile, from the few connections there are.
const RECOVERING_MAX = 4;

/**
 * The owners of one node among several that share a log: it takes its share of the leases that nobody has,
 * and gives up what is more, in good order, when others come. One that is lost to another node is dropped
 * with everything that was known of it. Of its share it claims what may recover at once, and the rest as that
 * is done: nothing is claimed that has to wait for its turn.
 */
export function createSharedOwners(ports: SharedOwnersPorts, sharing: Sharing): Owners {
  const { store, clock, onFault } = ports;
  const leases = store.leases();
  const limits = limitsOfLease(ports.limits, leases.length);
  const held = new Map<number, Held>();
  /** Leases that were claimed and could not be taken: the store gave no answer, it may be. */
  const untaken = new Map<number, Claim>();
  const ending = new Set<Promise<void>>();
  const everyMs = Math.min(MEET_EVERY_MS_MAX, sharing.leaseMs / MEET_PARTS);
  const news = createNewsReader({
    sharing,
    clock,
    ownerOf: (lease) => held.get(lease)?.owner,
    leases: () => [...held].flatMap(([lease, { owner }]) => (owner === undefined ? [] : [lease])),
    onFailed: (error) => onFault({ what: "read_failed", error }),
  });
  let timer: Timer | undefined;
  let looking = Promise.resolve();
  let begins: "sending" | "paused" = "sending";
  let isStopping = false;
  /** Whether some of its share is left for when others have recovered. */
  let isHeldBack = false;
  const whole = Promise.withResolvers<void>();

  function take(lease: number, endsAt: number): void {
    const one: Held = { taken: undefined, owner: undefined, started: startHeld().finally(onStarted) };
    held.set(lease, one);

    async function startHeld(): Promise<void> {
      try {
        const owner = await takeOwner(lease, { ...ports, limits, onLost: drop });
        one.taken = owner;
        if (isStopping) {
          return;
        }
        await owner.recover(begins);
        one.owner = owner;
        if (begins === "sending") {
          // It may have been let go on while it recovered.
          owner.resume();
        }
      } catch (error) {
        if (held.get(lease) === one) {
          held.delete(lease);
          untaken.set(lease, { endsAt, againAt: clock.monotonic() + everyMs });
        }
        onFault({ what: "take_failed", error });
      }
    }

    function drop(): void {
      if (one.taken !== undefined && held.get(lease) === one) {
        held.delete(lease);
        end(one.taken, 0);
      }
    }
  }

  function mayRecover(): number {
    const recovering = [...held.values()].filter(({ owner }) => owner === undefined);
    return RECOVERING_MAX - recovering.length;
  }

  function onStarted(): void {
    noteWhole();
    // One that looks at this moment finds out by itself.
    if (timer !== undefined && isHeldBack) {
      timer.cancel();
      lookAfter(0);
    }
  }

  function noteWhole(): void {
    if ((isStopping || !isHeldBack) && mayRecover() === RECOVERING_MAX) {
      whole.resolve();
    }
  }

  function end(owner: Owner, graceMs: number): void {
    const stopped: Promise<void> = owner.stop(graceMs).finally(() => ending.delete(stopped));
    ending.add(stopped);
  }

  /** Taking a lease asks the store once. Recovery may ask until it is answered, and so is not waited for. */
  async function endHeld(one: Held, graceMs: number): Promise<void> {
    if (one.taken === undefined) {
      await one.started;
    }
    if (one.taken !== undefined) {
      end(one.taken, graceMs);
    }
  }

  function giveUp(count: number): void {
    const running = [...held].filter(([, { owner }]) => owner !== undefined);
    for (const [lease, { owner }] of running.slice(Math.max(0, running.length - count))) {
      if (owner !== undefined) {
        held.delete(lease);
        end(owner, sharing.leaseMs);
      }
    }
  }

  /** Takes again what nobody else can take; what has been claimed for too long is anybody's. */
  function takeAgain(): void {
    const now = clock.monotonic();
    for (const [lease, { endsAt, againAt }] of untaken) {
      if (endsAt <= now) {
        untaken.delete(lease);
      } else if (againAt <= now && mayRecover() > 0 && !isStopping) {
        untaken.delete(lease);
        take(lease, endsAt);
      }
    }
  }

  async function look(): Promise<void> {
    const claimedAt = clock.monotonic();
    const meeting = await sharing.meet();
    const { nodes, free } = meeting;
    ports.onMet?.(meeting);
    followPause(meeting.isPaused);
    takeAgain();
    // One of its own that has ended is renewed, or somebody else's: whoever has it here finds out.
    const takable = free.filter((lease) => !held.has(lease));
    const mine = held.size + untaken.size;
    const standing = { leases: leases.length, nodes, mine, free: takable.length };
    const { claims, givesUp } = movesTo(standing);
    if (givesUp > 0) {
      giveUp(givesUp);
    }
    const wanted = from(takable, ports.fraction()).slice(0, Math.min(claims, mayRecover()));
    const claimed = wanted.length > 0 && !isStopping ? await sharing.claim(wanted) : [];
    for (const lease of claimed) {
      untaken.delete(lease);
      take(lease, claimedAt + sharing.leaseMs);
    }
    isHeldBack = claims > wanted.length;
    noteWhole();
  }

  /** A database may be restored under its nodes, and whoever lets it send again may ask another node. */
  function followPause(isPaused: boolean): void {
    if (isPaused) {
      begins = "paused";
    } else if (begins === "paused") {
      resume();
    }
  }

  function resume(): void {
    begins = "sending";
    held.forEach(({ owner }) => owner?.resume());
  }

  /** The rest of the share waits as anything else does: the store is not asked again at once. */
  function onLookFailed(error: unknown): void {
    isHeldBack = false;
    noteWhole();
    onFault({ what: "take_failed", error });
  }

  function lookAfter(delayMs: number): void {
    timer = clock.after(delayMs, () => {
      timer = undefined;
      looking = look().catch(onLookFailed).finally(lookAgain);
    });
  }

  function lookAgain(): void {
    if (!isStopping) {
      const mayTake = isHeldBack && mayRecover() > 0;
      lookAfter(mayTake ? 0 : everyMs * (0.5 + ports.fraction()));
    }
  }

  return {
    async start(how) {
      begins = how;
      news.start();
      const first = look();
      looking = first.catch(() => undefined);
      await first;
      lookAgain();
      await whole.promise;
    },
    resume,
    of: (lease) => held.get(lease)?.owner,
    all: () => [...held.values()].flatMap(({ owner }) => owner ?? []),
    async stop(graceMs) {
      isStopping = true;
      timer?.cancel();
      timer = undefined;
      news.stop();
      noteWhole();
      // The others count on this node no more, and take each lease as soon as it is given up.
      await sharing.leave().catch((error: unknown) => onFault({ what: "take_failed", error }));
      // What it claims meanwhile is given up as everything else is.
      await looking;
      await Promise.all([...held.values()].map((one) => endHeld(one, graceMs)));
      await Promise.all(ending);
    },
  };
}
