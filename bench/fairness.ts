/**
 * Asks what endpoints that hang cost the others. Events come at a steady rate, first for 500 endpoints alone,
 * then beside as many for 500 more, whose receivers never answer; for all of one tenant, and for a tenant
 * each. Prints how many of the healthy half's events arrived and how long 99 of 100 were on their way, ÷
 * those of the half alone: `node bench/fairness.ts`, with `--endpoints 1000`, `--rate 400`, `--seconds 20`,
 * or `--json`. Fails where a goal is missed.
 */
import { setTimeout as after } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startFairnessReceiver } from "./fairness-receiver.ts";
import { startPosthorn } from "./posthorn.ts";
import { createTargets, postSteadily, type Target } from "./steady-load.ts";

const { values } = parseArgs({
  options: {
    endpoints: { type: "string", default: "1000" },
    rate: { type: "string", default: "400" },
    seconds: { type: "string", default: "20" },
    json: { type: "boolean", default: false },
  },
});

const ARRIVED_MIN = 0.95;
const P99_MAX = 1.5;
/** What has not arrived by then, after a phase, counts as not arrived. */
const LATE_MS = 500;

/** Of the healthy half's events, in one phase. */
interface Phase {
  readonly name: string;
  /** 1: all. */
  readonly arrived: number;
  readonly p99Ms: number;
}

/** `alone`, and then three spans of time beside the half that hangs. */
const PHASES = ["warm-up", "alone", "beside, from the first", "beside, after that", "beside, later on"];

async function measure(arrangement: { readonly oneTenant: boolean }): Promise<readonly Phase[]> {
  const receiver = await startFairnessReceiver();
  const posthorn = await startPosthorn();
  const tenant = arrangement.oneTenant ? "everyone" : undefined;
  if (tenant !== undefined) {
    await posthorn.post("/v1/tenants", { id: tenant, name: tenant });
  }
  const half = async (name: string): Promise<readonly Target[]> => {
    const url = `${receiver.origin}/${name}/`;
    return await createTargets(posthorn, { count: Number(values.endpoints) / 2, name, url, tenant });
  };
  const works = await half("works");
  const hangs = await half("hangs");
  const load = { perSecond: Number(values.rate), seconds: Number(values.seconds) };
  const phases: Phase[] = [];
  for (const name of PHASES) {
    const beside = name.startsWith("beside") ? postSteadily(posthorn, hangs, load) : undefined;
    const sent = await postSteadily(posthorn, works, load);
    await after(LATE_MS);
    const latencies = (await receiver.collect()).toSorted((one, other) => one - other);
    await beside;
    const p99Ms = latencies[Math.floor(latencies.length * 0.99)] ?? Number.POSITIVE_INFINITY;
    phases.push({ name, arrived: latencies.length / sent, p99Ms });
  }
  await posthorn.stop();
  receiver.close();
  return phases;
}

const answers: object[] = [];
for (const oneTenant of [true, false]) {
  const arrangement = oneTenant ? "one tenant" : "a tenant each";
  const [, alone, ...besides] = await measure({ oneTenant });
  for (const { name, arrived, p99Ms } of alone === undefined ? [] : besides) {
    const ratios = { arrived: arrived / (alone?.arrived ?? 1), p99: p99Ms / (alone?.p99Ms ?? 1) };
    answers.push({ arrangement, phase: name, ...ratios, p99Ms });
    if (ratios.arrived < ARRIVED_MIN || ratios.p99 > P99_MAX) {
      process.exitCode = 1;
    }
    if (!values.json) {
      console.log(
        `${arrangement.padEnd(14)}${name.padEnd(24)}` +
          `arrived ${ratios.arrived.toFixed(3)} (goal ≥ ${ARRIVED_MIN}), ` +
          `p99 ${ratios.p99.toFixed(2)} (goal ≤ ${P99_MAX}) of ${alone?.p99Ms.toFixed(1)} ms`,
      );
    }
  }
}
if (values.json) {
  console.log(JSON.stringify(answers));
}
