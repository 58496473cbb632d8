import type { Sharing } from "../server/src/sharing.ts";
import type { Store } from "../server/src/store.ts";
import { type EngineOfLifePorts, engineOfLife } from "./engine-of-life.ts";
import { LEASE_MS } from "./lease.ts";
import { createLife, type Life } from "./life.ts";
import type { Lives } from "./lives.ts";
import { ask, begin, PAUSED_MS, type Running, stop } from "./running.ts";

export interface NodesPorts extends EngineOfLifePorts {
  readonly nodes: number;
  /** Opens what all share, for one process. */
  readonly openNode: (holder: string) => { readonly store: Store; readonly sharing: Sharing };
  /** Says whether what all share waits for a person before it is sent from. */
  readonly pauseNodes: (isPaused: boolean) => void;
}

const RESTART_MS = 3000;

/**
 * Several processes over one store, which share its lease: one delivers, and all accept. One that ends is
 * followed by another; and instead of being taken over while it goes on, one stands still for longer than its
 * lease.
 */
export function createNodes(ports: NodesPorts): Lives {
  const { clock, dice, trace, faults } = ports;
  const running = new Set<Running>();
  const still = new Set<Life>();
  let count = 0;

  function startLater(): void {
    clock.after(dice.between(1, RESTART_MS), startOne);
  }

  function startOne(): void {
    count += 1;
    const onGone = (): void => {
      if (running.delete(one)) {
        startLater();
      }
    };
    const life = createLife(`#${count}`, { clock, faults, trace, onCrash: onGone });
    const given = { ...ports.openNode(life.name), onFenced: () => undefined };
    const one: Running = { life, engine: engineOfLife(life, ports, given) };
    running.add(one);
    life.isPaused = faults.fires("starts_paused");
    if (life.isPaused) {
      trace.add(`${life.name} finds the store restored`);
      ports.pauseNodes(true);
      // While it recovers, it may be.
      clock.after(dice.between(1, PAUSED_MS), letGoOn);
    }
    begin(one, { trace, onRecovered: () => undefined, onEnded: onGone });
  }

  /** A person asks one of them, and the others learn of it as they meet. */
  function letGoOn(): void {
    trace.add("the nodes may send");
    ports.pauseNodes(false);
    for (const { life } of running) {
      life.isPaused = false;
    }
    any()?.engine.resume();
  }

  function owner(): Running | undefined {
    return [...running].find(({ life, engine }) => !still.has(life) && engine.owns(0));
  }

  /** Mostly the one that delivers. */
  function any(): Running | undefined {
    const awake = [...running].filter(({ life }) => !still.has(life));
    return dice.chance(0.6) ? (owner() ?? dice.any(awake)) : dice.any(awake);
  }

  async function restartOne(one: Running | undefined, graceMs: number): Promise<void> {
    if (one !== undefined && running.delete(one)) {
      await stop(one, graceMs, ports);
      startOne();
    }
  }

  return {
    start: () => Array.from({ length: ports.nodes }).forEach(startOne),
    async crash() {
      void any()?.life.crash("where it stands");
    },
    takeOver() {
      const life = any()?.life;
      if (life === undefined || !faults.spendLife()) {
        return;
      }
      trace.add(`${life.name} stands still`);
      still.add(life);
      life.suspend();
      clock.after(LEASE_MS * (1.1 + 2 * dice.fraction()), () => {
        trace.add(`${life.name} goes on`);
        still.delete(life);
        life.resume();
      });
    },
    async restart(graceMs) {
      // What is mended comes with new processes, one after another.
      const all = faults.isHealed ? [...running] : [any()];
      for (const one of all) {
        await restartOne(one, graceMs);
      }
    },
    stop(graceMs) {
      for (const one of running) {
        void stop(one, graceMs, ports);
      }
    },
    async ask(question) {
      const awake = [...running].filter(({ life }) => !still.has(life));
      const asked = dice.any(awake);
      return asked && (await ask(asked, question));
    },
    get current() {
      return owner()?.engine;
    },
    get isImpaired() {
      return [...running].some(({ life }) => life.isImpaired);
    },
    get count() {
      return count;
    },
  };
}
