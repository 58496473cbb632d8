import { setTimeout as after } from "node:timers/promises";
import { startFairnessReceiver } from "./fairness-receiver.ts";
import { startPosthorn } from "./posthorn.ts";
import { createTargets, startGenerator, type Target } from "./steady-load.ts";

/** What has not arrived by then, after a phase, counts as not arrived. */
const LATE_MS = 500;

export interface HealthyHalfOptions {
  /** In the healthy half. */
  readonly endpoints: number;
  /** What the other half does; undefined: there is none. */
  readonly others: "answers" | "hangs" | undefined;
  /** Whether all are of one tenant, or each of one of its own. */
  readonly oneTenant: boolean;
}

export interface SteadyLoad {
  readonly perSecond: number;
  readonly seconds: number;
}

/** Of the healthy half's events, in one phase. */
export interface Phase {
  /** 1: all. */
  readonly arrived: number;
  /** Within it 99 of 100 arrived, from when they were meant to be posted. */
  readonly p99Ms: number;
  /** How much of the time the server was kept waiting for a processor: what the machine did beside. */
  readonly waited: number;
}

/** A server with endpoints that are well, beside as many others or alone. */
export interface HealthyHalf {
  /** Gives the healthy half a load, and the others as much again. */
  measure(load: SteadyLoad): Promise<Phase>;
  stop(): Promise<void>;
}

export async function startHealthyHalf(options: HealthyHalfOptions): Promise<HealthyHalf> {
  const { endpoints, others, oneTenant } = options;
  const receiver = await startFairnessReceiver();
  const posthorn = await startPosthorn();
  const tenant = oneTenant ? "everyone" : undefined;
  if (tenant !== undefined) {
    await posthorn.post("/v1/tenants", { id: tenant, name: tenant });
  }
  const half = async (name: string, path: string): Promise<readonly Target[]> => {
    const url = `${receiver.origin}/${path}/`;
    return await createTargets(posthorn, { count: endpoints, name, url, tenant });
  };
  const healthy = await half("healthy", "works");
  const other = others === undefined ? [] : await half("other", others);
  const generator = await startGenerator(posthorn);
  const beside = other.length > 0 ? await startGenerator(posthorn) : undefined;
  return {
    async measure(load) {
      const startedAt = performance.now();
      const waitedMsBefore = posthorn.processorWaitMs();
      const posted = beside?.post(other, load);
      const { count: sent } = await generator.post(healthy, load);
      const waitedMs = posthorn.processorWaitMs() - waitedMsBefore;
      const waited = waitedMs / (performance.now() - startedAt);
      await posted;
      await after(LATE_MS);
      const latencies = (await receiver.collect()).toSorted((one, next) => one - next);
      const p99Ms = latencies[Math.floor(latencies.length * 0.99)] ?? Infinity;
      return { arrived: latencies.length / sent, p99Ms, waited };
    },
    async stop() {
      generator.close();
      beside?.close();
      await posthorn.stop();
      receiver.close();
    },
  };
}
