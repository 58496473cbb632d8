import type { Engine } from "../server/src/engine/engine.ts";
import type { EngineOfLifePorts } from "./engine-of-life.ts";
import type { Life } from "./life.ts";

/** A process with its engine. */
export interface Running {
  readonly life: Life;
  readonly engine: Engine;
}

type RunningPorts = Pick<EngineOfLifePorts, "clock" | "trace" | "faults" | "watch">;

// A person takes longer; nothing else depends on it.
const PAUSED_MS = 5000;
const LATE_MS = 60_000;

/** Starts it, now and then waiting for a person first; `onEnded`: it could not start. */
export function begin({ life, engine }: Running, { trace, faults }: RunningPorts, onEnded: () => void): void {
  life.isPaused = faults.fires("starts_paused");
  engine.start(life.isPaused ? "paused" : "sending").then(
    () => {
      trace.add(`${life.name} recovered`);
      life.clock.after(PAUSED_MS, () => {
        life.isPaused = false;
        engine.resume();
      });
    },
    (error: unknown) => {
      trace.add(`${life.name} could not start: ${String(error)}`);
      life.end();
      onEnded();
    },
  );
}

/** Stops it in good order, if it does not end before. */
export async function stop({ life, engine }: Running, graceMs: number, ports: RunningPorts): Promise<void> {
  const { clock, trace, faults, watch } = ports;
  trace.add(`${life.name} stops`);
  const late = clock.after(graceMs + LATE_MS, () => {
    if (faults.isHealed) {
      watch.fail("stop_ends", `${life.name} has not stopped a minute after its grace`);
    }
  });
  await Promise.race([engine.stop(graceMs), life.ended]);
  late.cancel();
  life.end();
}

/** Asks it; undefined if it ended before it answered. */
export async function ask<T>(
  { life, engine }: Running,
  question: (engine: Engine) => T | Promise<T>,
): Promise<T | undefined> {
  return await Promise.race([question(engine), life.ended.then(() => undefined)]);
}
