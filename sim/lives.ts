import type { Engine } from "../server/src/engine/engine.ts";
import type { Store } from "../server/src/store.ts";
import { type EngineOfLifePorts, engineOfLife } from "./engine-of-life.ts";
import { createLife, type Life } from "./life.ts";
import { ask, begin, PAUSED_MS, type Running, stop } from "./running.ts";

/** The processes of a run: one engine after another on one store, now and then two at once. */
export interface Lives {
  /** Starts an engine, and another one whenever it could not start or crashed. */
  start(): void;
  /** Ends the engine in charge; the next one comes in a while. */
  crash(): Promise<void>;
  /** Lets a second engine take the lease while the first goes on. */
  takeOver(): void;
  /** Stops the engine in charge in good order; then the next one starts. */
  restart(graceMs: number): Promise<void>;
  /** Stops every engine that runs, fenced ones too. */
  stop(graceMs: number): void;
  /** Asks the engine in charge; undefined if there is none, or if it ended before it answered. */
  ask<T>(question: (engine: Engine) => T | Promise<T>): Promise<T | undefined>;
  readonly current: Engine | undefined;
  /** Whether a lane of the engine in charge has stopped for good. */
  readonly isImpaired: boolean;
  /** How many engines were started. */
  readonly count: number;
}

export interface LivesPorts extends EngineOfLifePorts {
  readonly store: Store;
}

const RESTART_MS = 3000;

export function createLives(ports: LivesPorts): Lives {
  const { clock, dice, trace, faults } = ports;
  const all: Running[] = [];
  let running: Running | undefined;
  let count = 0;

  function startLater(): void {
    clock.after(dice.between(1, RESTART_MS), start);
  }

  function start(): void {
    count += 1;
    // One that lost its lease to another stays as it is; a supervisor starts the next.
    const onGone = (): void => {
      if (running?.life === life) {
        running = undefined;
        startLater();
      }
    };
    const life: Life = createLife(`#${count}`, { clock, faults, trace, onCrash: onGone });
    const engine = engineOfLife(life, ports, { store: ports.store, sharing: undefined, onFenced: onGone });
    running = { life, engine };
    all.push(running);
    life.isPaused = faults.fires("starts_paused");
    const letGoOn = (): void => {
      life.isPaused = false;
      engine.resume();
    };
    begin(running, {
      trace,
      onRecovered: () => void life.clock.after(PAUSED_MS, letGoOn),
      onEnded: onGone,
    });
  }

  return {
    start,
    async crash() {
      const life = running?.life;
      void life?.crash("where it stands");
    },
    takeOver() {
      if (faults.spendLife()) {
        trace.add("takeover");
        start();
      }
    },
    async restart(graceMs) {
      const stopping = running;
      if (stopping !== undefined) {
        await stop(stopping, graceMs, ports);
        if (running === stopping) {
          start();
        }
      }
    },
    stop(graceMs) {
      for (const one of all.filter(({ life }) => !life.isOver)) {
        void stop(one, graceMs, ports);
      }
    },
    async ask(question) {
      return running && (await ask(running, question));
    },
    get current() {
      return running?.engine;
    },
    get isImpaired() {
      return running?.life.isImpaired ?? false;
    },
    get count() {
      return count;
    },
  };
}
