/** Runs whose machine loses power whenever a process has ended, however it ended. */
import { fileURLToPath } from "node:url";
import { type KillRunOptions, type KillRunResult, killRun } from "../crash/kill-run.ts";
import { seeded } from "../crash/seeded.ts";
import { createMachine } from "./machine.ts";
import type { Keeps } from "./power-cut.ts";

/** `nothing`: all that was not synced is lost. `some`: of every cut another part of it, torn anywhere. */
export type Kept = "nothing" | "some";

export interface PowerRunOptions extends KillRunOptions {
  readonly kept: Kept;
  /** Commits without a sync, to see that a loss is found. Default: false. */
  readonly isSabotaged?: boolean;
}

export interface PowerRunResult extends KillRunResult {
  readonly cuts: number;
}

const WITHOUT_SYNC = fileURLToPath(new URL("without-sync.ts", import.meta.url));

/** Makes a run and judges it. */
export async function powerRun(options: PowerRunOptions): Promise<PowerRunResult> {
  const { kept, isSabotaged = false, ...run } = options;
  using machine = createMachine();
  const { database } = machine;
  const keeps = keepers(kept, run.seed);
  let cuts = 0;
  const launch = {
    env: machine.env,
    ...(isSabotaged ? { preload: WITHOUT_SYNC } : {}),
    beforeEach() {
      cuts += 1;
      machine.losePower(keeps());
    },
  };
  return { ...(await killRun({ ...run, installation: { database, launch } })), cuts };
}

/** For each cut, what it keeps. */
function keepers(kept: Kept, seed: number): () => Keeps {
  const chance = seeded(seed);
  return () => {
    const probability = kept === "nothing" ? 0 : ([0, 0.1, 0.5, 0.9, 1][chance.below(5)] ?? 0);
    return () => chance.happens(probability);
  };
}
