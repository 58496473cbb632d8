/** A run whose processes are killed, at named points or at random. */
import type { Plan } from "./crash-plans.ts";
import { faultedRun, type RunOptions, type RunResult } from "./faulted-run.ts";
import { liveAndEnd } from "./one-life.ts";

export interface KillRunOptions extends RunOptions {
  /** An end for each process but the first and the last. */
  readonly plan: Plan;
}

export interface KillRunResult extends RunResult {
  readonly kills: number;
}

/** Makes a run and judges it. */
export async function killRun({ plan, ...options }: KillRunOptions): Promise<KillRunResult> {
  const result = await faultedRun(options, async (run) => {
    for (const planned of plan) {
      await liveAndEnd(run, planned);
    }
  });
  return { ...result, kills: plan.filter((end) => end !== "drain").length };
}
