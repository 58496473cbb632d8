/**
 * Measures Posthorn against the limits of the machine and against what one would write by hand, in rounds
 * that alternate, and prints the ratios of the medians: `npm run bench`, with `-- --only latency,peers`,
 * `--rounds 5`, `--deliveries 20000`, `--backlog 1000000`, `--idle 100000`, `--stored 1000000`,
 * `--endpoints 10000`, `--receiver node` or `--json`.
 */
import { cpus, release } from "node:os";
import { parseArgs } from "node:util";
import { type Report, reportLines } from "./answer.ts";
import { measure as measureBacklog } from "./parts/backlog.ts";
import { measure as measureDashboard } from "./parts/dashboard.ts";
import { measure as measureIdle } from "./parts/idle.ts";
import { measure as measureLatency } from "./parts/latency.ts";
import { measure as measureNodes } from "./parts/nodes.ts";
import { measure as measurePeers } from "./parts/peers.ts";
import { measure as measurePostgres } from "./parts/postgres.ts";
import { measure as measureShapes } from "./parts/shapes.ts";
import { measure as measureThroughput } from "./parts/throughput.ts";
import { plainReceiverOf } from "./plain-receiver.ts";
import type { Size } from "./size.ts";

const PARTS: Readonly<Record<string, (size: Size) => Promise<Report>>> = {
  throughput: measureThroughput,
  shapes: measureShapes,
  latency: measureLatency,
  idle: measureIdle,
  backlog: measureBacklog,
  postgres: measurePostgres,
  nodes: measureNodes,
  dashboard: measureDashboard,
  peers: measurePeers,
};

const { values } = parseArgs({
  options: {
    only: { type: "string", default: Object.keys(PARTS).join(",") },
    rounds: { type: "string", default: "3" },
    deliveries: { type: "string", default: "20000" },
    backlog: { type: "string", default: "1000000" },
    idle: { type: "string", default: "100000" },
    stored: { type: "string", default: "1000000" },
    endpoints: { type: "string", default: "10000" },
    receiver: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

const processor = cpus()[0]?.model ?? "unknown";
const machine = `${cpus().length} × ${processor}, Linux ${release()}, Node ${process.version}`;
const size: Size = {
  rounds: Number(values.rounds),
  deliveries: Number(values.deliveries),
  backlog: Number(values.backlog),
  idle: Number(values.idle),
  stored: Number(values.stored),
  endpoints: Number(values.endpoints),
  receiver: plainReceiverOf(values.receiver),
};
if (!values.json) {
  const each = `${size.rounds} rounds, ${size.deliveries} deliveries each`;
  console.log(`${machine}; medians of ${each}; what is plain goes to ${size.receiver}`);
}

const reports: Record<string, Report> = {};
for (const name of values.only.split(",")) {
  const measure = PARTS[name];
  if (measure === undefined) {
    throw new Error(`--only takes some of ${Object.keys(PARTS).join(",")}, got ${name}`);
  }
  const report = await measure(size);
  reports[name] = report;
  if (!values.json) {
    console.log(["", name, ...reportLines(report)].join("\n"));
  }
}
if (values.json) {
  console.log(JSON.stringify({ machine, size, reports }));
}
