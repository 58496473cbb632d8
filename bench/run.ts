/**
 * Measures Posthorn against the limit of the machine, the bare HTTP client, in rounds that alternate, and
 * prints the ratios of the medians: `npm run bench`, with `-- --rounds 5`, `--deliveries 20000` or `--json`.
 */
import { cpus, release } from "node:os";
import { parseArgs } from "node:util";
import { measureBareClient } from "./bare-client.ts";
import { cpuUs, type Measurement, medianOf, perSecond } from "./measurement.ts";
import { startPosthorn } from "./posthorn.ts";
import { startReceiver } from "./receiver.ts";
import { createLane, measureThroughput } from "./throughput.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    deliveries: { type: "string", default: "20000" },
    json: { type: "boolean", default: false },
  },
});

const CONNECTIONS = 32;
const SYSTEMS = ["bare client", "batches of 100", "one by one"] as const;
type System = (typeof SYSTEMS)[number];

interface Question {
  readonly question: string;
  readonly goal: string;
  readonly of: (median: (system: System, figure: (measured: Measurement) => number) => number) => number;
}

const QUESTIONS: readonly Question[] = [
  {
    question: "CPU per delivery ÷ bare client's, accepted in batches of 100",
    goal: "≤ 2.5",
    of: (median) => median("batches of 100", cpuUs) / median("bare client", cpuUs),
  },
  {
    question: "CPU per delivery ÷ bare client's, accepted one by one",
    goal: "≤ 4",
    of: (median) => median("one by one", cpuUs) / median("bare client", cpuUs),
  },
  {
    question: "throughput ÷ bare client's, accepted in batches of 100",
    goal: "≥ 0.5",
    of: (median) => median("batches of 100", perSecond) / median("bare client", perSecond),
  },
];

async function measure(rounds: number, deliveries: number): Promise<Record<System, Measurement[]>> {
  const results: Record<System, Measurement[]> = {
    "bare client": [],
    "batches of 100": [],
    "one by one": [],
  };
  const receiver = await startReceiver();
  const posthorn = await startPosthorn();
  const lane = await createLane(posthorn, { tenant: "bench", url: receiver.url, maxInFlight: CONNECTIONS });
  const parts = { posthorn, receiver, lane };
  // One round more than counts: the first finds everything cold.
  for (let round = 0; round <= rounds; round += 1) {
    const measured: Record<System, Measurement> = {
      "bare client": await measureBareClient(receiver, { deliveries, connections: CONNECTIONS }),
      "batches of 100": await measureThroughput(parts, { deliveries, batch: 100, callers: 4 }),
      "one by one": await measureThroughput(parts, { deliveries, batch: 1, callers: 64 }),
    };
    for (const system of round === 0 ? [] : SYSTEMS) {
      results[system].push(measured[system]);
    }
  }
  await posthorn.stop();
  receiver.close();
  return results;
}

const results = await measure(Number(values.rounds), Number(values.deliveries));
const median = (system: System, figure: (measured: Measurement) => number): number =>
  medianOf(results[system].map(figure));
const answers = QUESTIONS.map(({ question, goal, of }) => ({ question, goal, ratio: of(median) }));
const processor = cpus()[0]?.model ?? "unknown";
const machine = `${cpus().length} × ${processor}, Linux ${release()}, Node ${process.version}`;

if (values.json) {
  console.log(JSON.stringify({ machine, answers, results }));
} else {
  console.log(`${machine}; medians of ${values.rounds} rounds, ${values.deliveries} deliveries each\n`);
  for (const system of SYSTEMS) {
    const rate = median(system, perSecond).toFixed(0).padStart(7);
    console.log(`${system.padEnd(16)}${rate}/s ${median(system, cpuUs).toFixed(1).padStart(7)} us of CPU`);
  }
  console.log("");
  for (const { question, goal, ratio } of answers) {
    console.log(`${ratio.toFixed(2).padStart(6)}  ${goal.padEnd(6)}  ${question}`);
  }
}
