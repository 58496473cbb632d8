import type { Clock } from "../../clock.ts";
import { HOUR_MS } from "../../model/duration.ts";
import { regularly } from "../../regularly.ts";
import type { Database } from "./database.ts";
import { makePartitions } from "./partitions.ts";

/** Makes partitions ahead of their time. */
export interface Partitioner {
  runOnce(): Promise<void>;
  start(): void;
  stop(): void;
}

// Weeks ahead of need: if it fails for days, nothing is missing yet.
const EVERY_MS = HOUR_MS;

export function createPartitioner(
  database: Database,
  { clock, onFailed }: { readonly clock: Clock; readonly onFailed: (error: unknown) => void },
): Partitioner {
  async function runOnce(): Promise<void> {
    try {
      await makePartitions(database, clock.now());
    } catch (error) {
      onFailed(error);
    }
  }

  const { start, stop } = regularly(clock, EVERY_MS, { run: runOnce, onFailed });
  return { runOnce, start, stop };
}
