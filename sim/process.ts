/**
 * A process of the tests: lives through the seeds it is asked for, one after the other. Where tests run, Node
 * follows every promise to tell whose it is, and a simulation is little else than promises: a seed takes four
 * times as long there as here.
 */
import { NODE_SABOTAGES, SABOTAGES, type Sabotage } from "./sabotage.ts";
import { type Run, type RunResult, simulate } from "./simulation.ts";

/** From the parent. */
export interface AskedRun extends Pick<Run, "seed" | "nodes"> {
  /** One of the names of sabotages. Default: nothing is broken. */
  readonly sabotage?: string;
}

/** To the parent, in the order in which was asked. */
export type LivedRun = RunResult;

function sabotageNamed(name: string): Sabotage {
  const sabotage = SABOTAGES.get(name) ?? NODE_SABOTAGES.get(name);
  if (sabotage === undefined) {
    throw new Error(`a sabotage has one of the names that are listed, got ${name}`);
  }
  return sabotage;
}

async function live({ sabotage, ...run }: AskedRun): Promise<void> {
  const broken = sabotage === undefined ? {} : { sabotage: sabotageNamed(sabotage) };
  process.send?.((await simulate({ ...run, ...broken })) satisfies LivedRun);
}

process.on("message", (asked: AskedRun) => void live(asked));
process.on("disconnect", () => process.exit(0));
