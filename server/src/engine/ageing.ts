import type { Clock } from "../clock.ts";
import { DAY_MS } from "../model/duration.ts";
import { type Offset, offsetAt } from "../model/offset.ts";
import { AGED_KINDS, type AgedKind, type Retention, type TenantRetention } from "../model/retention.ts";
import type { Aged, Store } from "../store.ts";
import type { Eraser } from "./eraser.ts";
import type { LeaseState } from "./lease-state.ts";
import { turn } from "./wait.ts";

/**
 * Forgets what is kept for less time than its event, by kind, tenant by tenant, a bounded step at a time. A
 * time counts from when a delivery was final; what a lane or a retry still needs is left alone, however old.
 */
export interface Ageing {
  /** Forgets what is old enough by now; returns of how many events. */
  runOnce(): Promise<number>;
  stop(): void;
}

export interface AgeingPorts {
  readonly store: Store;
  readonly clock: Clock;
  /** The installation's. Default: as long as events. */
  readonly retention?: Retention | undefined;
  readonly eraser: Pick<Eraser, "age">;
}

const STEP_EVENTS = 1000;

/** Tenants of which something is kept for as long. */
interface Class {
  readonly days: number;
  readonly has: (tenant: number) => boolean;
  /** Is another text as soon as another tenant belongs to it. */
  readonly members: string;
}

/** Up to where nothing is left to do for a class, as it was. */
interface Place {
  readonly members: string;
  readonly after: Offset;
}

export function createAgeing(
  state: Pick<LeaseState, "lease" | "lanes">,
  { store, clock, retention = {}, eraser }: AgeingPorts,
): Ageing {
  const places = new Map<string, Place>();
  let isStopped = false;

  async function runOnce(): Promise<number> {
    const own = await store.readRetentions();
    let sum = 0;
    for (const kind of AGED_KINDS) {
      for (const each of classesOf(kind, own, retention)) {
        sum += await ageClass(kind, each);
      }
    }
    return sum;
  }

  async function ageClass(kind: AgedKind, { days, has, members }: Class): Promise<number> {
    const name = `${kind}/${days}`;
    const known = places.get(name);
    const finalBefore = clock.now() - days * DAY_MS;
    const to = offsetAt(finalBefore) - 1;
    let after = known?.members === members ? known.after : 0;
    let waits: Offset | undefined;
    let sum = 0;
    for (; to > after && !isStopped; await turn(clock)) {
      const query = { lease: state.lease.id, kind, after, to, finalBefore, limit: STEP_EVENTS };
      const { found, scannedTo } = await store.findAged(query);
      const mine = found.filter(({ tenant }) => has(tenant));
      const needed = neededAfter();
      const isLeft = ({ tenant, offset }: Aged) => offset > (needed.get(tenant) ?? offset);
      const over = mine.filter((aged) => aged.isOver && !isLeft(aged));
      waits ??= mine.find((aged) => !over.includes(aged))?.offset;
      await forget(kind, over);
      sum += over.length;
      if (scannedTo <= after) {
        break;
      }
      after = scannedTo;
    }
    // What was not over is looked at again.
    places.set(name, { members, after: waits === undefined ? after : waits - 1 });
    return sum;
  }

  async function forget(kind: AgedKind, over: readonly Aged[]): Promise<void> {
    for (const [tenant, events] of Map.groupBy(over, (aged) => aged.tenant)) {
      const offsets = events.map(({ offset }) => offset);
      await eraser.age({ kind, tenant, offsets, at: clock.now() });
    }
  }

  /** By tenant the last offset up to which none of its lanes has anything before it. */
  function neededAfter(): ReadonlyMap<number, Offset> {
    const least = new Map<number, Offset>();
    for (const { route, row } of state.lanes.values()) {
      if (row !== undefined) {
        const { number } = route.tenant;
        least.set(number, Math.min(least.get(number) ?? row.position, row.position));
      }
    }
    return least;
  }

  return {
    runOnce,
    stop() {
      isStopped = true;
    },
  };
}

/**
 * Parts tenants by how long something of theirs is kept, so that the log is looked through once for each time
 * there is, however many tenants have it.
 */
function classesOf(
  kind: AgedKind,
  own: readonly TenantRetention[],
  installation: Retention,
): readonly Class[] {
  const most = installation[kind] ?? Infinity;
  const shorter = new Map<number, number>();
  for (const { tenant, retention } of own) {
    const days = retention[kind] ?? most;
    if (days < most) {
      shorter.set(tenant, days);
    }
  }
  const classes: Class[] = [];
  for (const [days, tenants] of Map.groupBy(shorter.keys(), (tenant) => shorter.get(tenant) ?? most)) {
    classes.push({ days, has: (tenant) => shorter.get(tenant) === days, members: tenants.join(" ") });
  }
  if (most < Infinity) {
    const members = [...shorter.keys()].join(" ");
    classes.push({ days: most, has: (tenant) => !shorter.has(tenant), members });
  }
  return classes;
}
