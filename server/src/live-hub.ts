import type { Clock, Timer } from "./clock.ts";
import type { LiveFact, LiveFeed, LiveKind } from "./live.ts";
import type { DeliveryState } from "./model/delivery.ts";
import { matchesGlob } from "./model/subscription.ts";
import type { Random } from "./random.ts";

/** What somebody wants to be told; what is undefined narrows nothing. */
export interface LiveFilter {
  /** By number. */
  readonly tenant: number | undefined;
  readonly kinds: readonly LiveKind[] | undefined;
  /** Names or globs of event types: of events, attempts and deliveries, and nothing else is told. */
  readonly types: readonly string[] | undefined;
  /** Of deliveries, and nothing else is told. */
  readonly states: readonly DeliveryState[] | undefined;
  /** By number: of all but events, and those are not told. */
  readonly endpoint: number | undefined;
}

/** One fact, with the number that it has among all that this process has told. */
export interface NumberedFact {
  readonly number: number;
  readonly fact: LiveFact;
}

/** Who watches. */
export interface Watcher {
  readonly filter: LiveFilter;
  /** Takes what was told at once. */
  take(facts: readonly NumberedFact[]): void;
  /** So many facts were not told, of which some may have been wanted. */
  leftOut(count: number): void;
}

/** A place in what a process has told. */
export interface LivePlace {
  /** Which process, since when. */
  readonly life: string;
  readonly number: number;
}

export interface Watch {
  /** Where it began. */
  readonly place: LivePlace;
  /** Whether something may have been told since `after` that is not known any more. */
  readonly hasMissed: boolean;
  /** What it would have been told since `after`, as far as that is known. */
  readonly since: readonly NumberedFact[];
  end(): void;
}

/** Hands what this process tells to all who watch, and keeps the newest of it for whoever comes back. */
export interface LiveHub extends LiveFeed {
  /** By number, whose tenants are watched; undefined among them: all. */
  readonly watchedTenants: readonly (number | undefined)[];
  /** Begins to watch: `take` is called with what is told from now on. */
  watch(watcher: Watcher, after?: LivePlace): Watch;
  /** Waits for nobody who may come back: nothing is told any more, and the process may end. */
  stop(): void;
}

/** Facts that are kept for whoever comes back. */
const KEPT_MAX = 1000;
/** How long it goes on when nobody watches any more: a connection that broke is made again before. */
const KEEP_MS = 30_000;

export function createLiveHub({ clock, random }: { clock: Clock; random: Pick<Random, "bytes"> }): LiveHub {
  const life = Buffer.from(random.bytes(6)).toString("hex");
  const watchers = new Set<Watcher>();
  /** The newest, in order; those below `keptFrom` are not there any more. */
  let kept: NumberedFact[] = [];
  let number = 0;
  let keptFrom = 1;
  /** Up to here something was left out, of which whoever was away has heard nothing. */
  let incompleteUpTo = 0;
  let isWatched = false;
  let ending: Timer | undefined;

  /** Forgets everything some time after the last watcher has gone, unless one came meanwhile. */
  function endLater(): void {
    ending = clock.after(KEEP_MS, () => {
      isWatched = false;
      kept = [];
      // What happens from now on has no numbers: whoever comes back later has missed something.
      number += 1;
      keptFrom = number + 1;
    });
  }

  return {
    get isWatched() {
      return isWatched;
    },
    get watchedTenants() {
      return [...new Set([...watchers].map(({ filter }) => filter.tenant))];
    },
    tell(facts) {
      const numbered = facts.map((fact): NumberedFact => {
        number += 1;
        return { number, fact };
      });
      kept = [...kept, ...numbered].slice(-KEPT_MAX);
      keptFrom = kept[0]?.number ?? keptFrom;
      for (const watcher of watchers) {
        const wanted = wantedBy(watcher, numbered);
        if (wanted.length > 0) {
          watcher.take(wanted);
        }
      }
    },
    leaveOut(count) {
      if (count > 0) {
        number += count;
        incompleteUpTo = number;
      }
      for (const watcher of watchers) {
        watcher.leftOut(count);
      }
    },
    watch(watcher, after) {
      const isKnown = after !== undefined && after.life === life && after.number <= number;
      const from = Math.max(keptFrom - 1, incompleteUpTo);
      const hasMissed = after !== undefined && !(isKnown && after.number >= from);
      isWatched = true;
      ending?.cancel();
      watchers.add(watcher);
      return {
        place: { life, number },
        hasMissed,
        since: isKnown ? wantedBy(watcher, kept).filter((each) => each.number > after.number) : [],
        end() {
          if (watchers.delete(watcher) && watchers.size === 0) {
            endLater();
          }
        },
      };
    },
    stop: () => ending?.cancel(),
  };
}

function wantedBy({ filter }: Watcher, facts: readonly NumberedFact[]): readonly NumberedFact[] {
  return facts.filter(({ fact }) => isWanted(fact, filter));
}

/** Whether a filter lets a fact through. */
function isWanted(fact: LiveFact, { tenant, kinds, types, states, endpoint }: LiveFilter): boolean {
  return (
    (tenant === undefined || fact.tenant.number === tenant) &&
    (kinds === undefined || kinds.includes(fact.kind)) &&
    (endpoint === undefined || endpointOf(fact) === endpoint) &&
    (states === undefined || (fact.kind === "delivery" && states.includes(fact.delivery.state))) &&
    (types === undefined || isOfType(fact, types))
  );
}

function isOfType(fact: LiveFact, types: readonly string[]): boolean {
  const type = typeOf(fact);
  return type !== undefined && types.some((pattern) => matchesGlob(pattern, type));
}

function typeOf(fact: LiveFact): string | undefined {
  switch (fact.kind) {
    case "event":
      return fact.event.type;
    case "attempt":
    case "delivery":
      return fact.type;
    case "gap":
    case "lane":
      return undefined;
  }
}

function endpointOf(fact: LiveFact): number | undefined {
  switch (fact.kind) {
    case "event":
      return undefined;
    case "attempt":
      return fact.attempt.endpoint;
    case "delivery":
      return fact.delivery.endpoint;
    case "gap":
      return fact.gap.endpoint;
    case "lane":
      return fact.endpoint;
  }
}
