/**
 * Asks what a replay costs the live deliveries beside it. Events come at a steady rate for one endpoint,
 * alone and then while everything before is replayed to it. Prints how long 99 of 100 were on their way, ÷
 * those alone, and how many were replayed meanwhile: `node bench/replay.ts`, with `--rate 200`,
 * `--seconds 10`.
 */
import { setTimeout as after } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startFairnessReceiver } from "./fairness-receiver.ts";
import { startPosthorn } from "./posthorn.ts";
import { startGenerator } from "./steady-load.ts";

const { values } = parseArgs({
  options: { rate: { type: "string", default: "200" }, seconds: { type: "string", default: "10" } },
});

const P99_MAX = 1.5;
/** What has not arrived by then, after a phase, counts as not arrived; what is replayed is older. */
const LATE_MS = 500;

const receiver = await startFairnessReceiver();
const posthorn = await startPosthorn();
const since = new Date().toISOString();
await posthorn.post("/v1/tenants", { id: "live", name: "live" });
const { id: endpoint } = await posthorn.post<{ id: string }>("/v1/tenants/live/endpoints", {
  url: `${receiver.origin}/works/`,
});
const generator = await startGenerator(posthorn);
const load = { perSecond: Number(values.rate), seconds: Number(values.seconds) };

/** Returns the p99 of what was live, and how much was not. */
async function phase(): Promise<{ readonly p99Ms: number; readonly replayed: number }> {
  const { count: sent } = await generator.post([{ tenant: "live", type: "order.paid" }], load);
  await after(LATE_MS);
  const arrived = (await receiver.collect()).toSorted((one, other) => one - other);
  const p99Ms = arrived[Math.floor(sent * 0.99)] ?? Infinity;
  return { p99Ms, replayed: arrived.length - sent };
}

await phase();
const alone = await phase();
await posthorn.post("/v1/tenants/live/replays", { endpoint, since, only: "all" });
const beside = await phase();
const ratio = beside.p99Ms / alone.p99Ms;
console.log(
  `p99 beside a replay ${ratio.toFixed(2)} (goal ≤ ${P99_MAX}) of ${alone.p99Ms.toFixed(1)} ms alone; ` +
    `${beside.replayed} replayed meanwhile`,
);
process.exitCode = ratio <= P99_MAX ? 0 : 1;
generator.close();
await posthorn.stop();
receiver.close();
