import type { Clock } from "../clock.ts";
import type { AgeingStep, FactsDraft } from "../facts.ts";
import type { Erasure } from "../model/erasure.ts";
import type { Offset } from "../model/offset.ts";
import type { Store } from "../store.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { flushed } from "./flushed.ts";
import type { Flusher } from "./flusher.ts";
import type { Indexer } from "./indexer.ts";
import { keepsOrder, type Lane } from "./lane.ts";
import type { LeaseState } from "./lease-state.ts";
import type { Limits } from "./limits.ts";
import type { Payloads } from "./payloads.ts";
import { createRounds } from "./rounds.ts";
import { untilDone } from "./until-done.ts";
import { turn } from "./wait.ts";
import { NO_ENDPOINT } from "./write-apart.ts";

/**
 * Erases what was asked for, a bounded step at a time. An event stays where it is in the log, without what
 * it says: a lane that comes to it passes it over and writes a gap, so that order and counts are as before.
 */
export interface Eraser {
  /**
   * Erases what is stored as asked for, of one tenant or of all; resolves when it is durable and nothing is
   * left of it in the store's files.
   */
  erase(tenant?: number): Promise<void>;
  /** Takes a step of ageing; resolves when it is durable. */
  age(step: AgeingStep): Promise<void>;
  /** Erases what is stored as asked for although nobody could say so here; what failed is not tried again. */
  look(): Promise<void>;
  stop(): void;
}

export interface EraserPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly flusher: Flusher;
  readonly dispatcher: Pick<Dispatcher, "onTheWay">;
  readonly payloads: Payloads;
  readonly indexer: Pick<Indexer, "forget">;
  /** A lane may have something to send now. */
  readonly onReady: (lane: Lane) => void;
  readonly onFailed: (error: unknown) => void;
}

export function createEraser(state: LeaseState, ports: EraserPorts): Eraser {
  const { store, clock, limits, flusher, dispatcher, payloads, indexer } = ports;
  const lease = state.lease.id;
  const running = new Map<number, Promise<void>>();
  /** By number: for the next owner, or whoever asks again. */
  const failed = new Set<number>();
  // The offsets of steps that are not durable yet.
  const undone = new Set<readonly Offset[]>();
  let isStopped = false;
  const persisting = { clock, isStopped: () => isStopped, onFailed: ports.onFailed };

  async function run(erasure: Erasure): Promise<void> {
    for (let { from } = erasure; from <= erasure.to; await turn(clock)) {
      const query = { ...erasure, from, lease, limit: limits.pageEventsMax, bytesMax: limits.pageBytesMax };
      const { offsets, scannedTo } = await untilDone(() => store.findErasable(query), persisting);
      from = scannedTo + 1;
      const isLast = from > erasure.to;
      if (offsets.length > 0 || isLast) {
        await step(erasure, offsets, isLast ? undefined : from);
      }
    }
    await untilDone(() => store.scrub(), persisting);
  }

  function step({ number, tenant, to }: Erasure, offsets: readonly Offset[], next: Offset | undefined) {
    return overwrite({ tenant, offsets, to }, (facts) =>
      facts.erasing.push({ erasure: number, tenant, offsets, next }),
    );
  }

  /** Only what an event says is anywhere but in the store. */
  function age(aged: AgeingStep): Promise<void> {
    const { kind, tenant, offsets } = aged;
    const overwritten = { tenant, offsets: kind === "payload" ? offsets : [], to: offsets.at(-1) ?? 0 };
    return overwrite(overwritten, (facts) => facts.ageing.push(aged));
  }

  function overwrite(
    { tenant, offsets, to }: Pick<Erasure, "tenant" | "to"> & { readonly offsets: readonly Offset[] },
    contribute: (facts: FactsDraft) => unknown,
  ): Promise<void> {
    undone.add(offsets);
    offsets.forEach((offset) => state.erased.add(offset));
    // Where it fails, the next owner goes on, unless it was refused.
    return flushed(flusher, {
      endpoint: NO_ENDPOINT,
      contribute,
      applied() {
        payloads.forget(offsets, to);
        indexer.forget(offsets);
        undone.delete(offsets);
        forgetMarks();
        for (const lane of lanesBehind(tenant, new Set(offsets))) {
          goOn(lane);
        }
      },
    });
  }

  /** What is erased durably is read as erased from now on: only what is on its way must be remembered. */
  function forgetMarks(): void {
    const onTheWay = [...dispatcher.onTheWay].flatMap(({ offsets }) => offsets);
    const needed = new Set([...onTheWay, ...[...undone].flat()]);
    for (const offset of state.erased) {
      if (!needed.has(offset)) {
        state.erased.delete(offset);
      }
    }
  }

  /** Lanes of which something that was erased is the next. */
  function lanesBehind(tenant: number, offsets: ReadonlySet<Offset>): readonly Lane[] {
    const isNext = ({ ready, batch, due }: Lane) =>
      offsets.has(ready.peek() ?? 0) ||
      batch?.offsets.some((offset) => offsets.has(offset)) === true ||
      due.values().some(({ offset }) => offsets.has(offset));
    return [...state.lanes.values()].filter((lane) => lane.route.tenant.number === tenant && isNext(lane));
  }

  /** A lane that waits, or was stopped, because of what is erased now waits no longer. */
  function goOn(lane: Lane): void {
    lane.attention = undefined;
    if (lane.hold !== undefined && keepsOrder(lane)) {
      lane.hold = { ...lane.hold, until: Math.min(lane.hold.until, clock.now()) };
    }
    if (lane.batch !== undefined) {
      lane.batch = { ...lane.batch, dueAt: Math.min(lane.batch.dueAt, clock.now()) };
    }
    ports.onReady(lane);
  }

  function start(erasure: Erasure): Promise<void> {
    const { number } = erasure;
    const known = running.get(number) ?? run(erasure).finally(() => running.delete(number));
    running.set(number, known);
    known.catch(() => failed.add(number));
    return known;
  }

  const rounds = createRounds(async () => {
    const asked = await untilDone(() => store.readErasures(lease), persisting);
    await Promise.all(asked.filter(({ number }) => !failed.has(number)).map(start));
  }, ports.onFailed);

  return {
    async erase(tenant) {
      const asked = await untilDone(() => store.readErasures(lease), persisting);
      const mine = asked.filter((erasure) => tenant === undefined || erasure.tenant === tenant);
      await Promise.all(mine.map(start));
    },
    age,
    look: rounds.runOnce,
    stop() {
      isStopped = true;
      rounds.stop();
    },
  };
}
