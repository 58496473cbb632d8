import type { Engine } from "../server/src/engine/engine.ts";
import type { EngineOfLifePorts } from "./engine-of-life.ts";
import type { Life } from "./life.ts";

/** A process with its engine. */
export interface Running {
  readonly life: Life;
  readonly engine: Engine;
}

type RunningPorts = Pick<EngineOfLifePorts, "clock" | "trace" | "faults" | "watch">;

interface BeginPorts extends Pick<RunningPorts, "trace"> {
  /** It has recovered. */
  readonly onRecovered: () => void;
  /** It could not start. */
  readonly onEnded: () => void;
}

/** A person takes longer before a restored store is sent from; nothing else depends on it. */
export const PAUSED_MS = 5000;
const LATE_MS = 60_000;

/** Starts it: it sends, unless it waits for a person first. */
export function begin({ life, engine }: Running, { trace, onRecovered, onEnded }: BeginPorts): void {
  engine.start(life.isPaused ? "paused" : "sending").then(
    () => {
      trace.add(`${life.name} recovered`);
      onRecovered();
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
