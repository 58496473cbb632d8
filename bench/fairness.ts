/**
 * Asks what endpoints that hang cost the others. Events come at a steady rate for 1,000 endpoints, half of
 * which never answer, and for as many that all answer, in turns, round after round; for all of one tenant,
 * and for a tenant each. Prints how many of the healthy half's events arrived and how long 99 of 100 were
 * on their way, ÷ those of the same half beside others that answer; and, for comparison, ÷ those of the
 * half alone, at half the load: `node bench/fairness.ts`, with `--endpoints 1000`, `--rate 400`,
 * `--seconds 10`, `--rounds 5`, or `--json`. Fails where a median misses its goal.
 */
import { parseArgs } from "node:util";
import { medianOf } from "../server/src/cli/bench/measurement.ts";
import { type HealthyHalf, type Phase, startHealthyHalf } from "./healthy-half.ts";

const { values } = parseArgs({
  options: {
    endpoints: { type: "string", default: "1000" },
    rate: { type: "string", default: "400" },
    seconds: { type: "string", default: "10" },
    rounds: { type: "string", default: "5" },
    json: { type: "boolean", default: false },
  },
});

const ARRIVED_MIN = 0.95;
const P99_MAX = 1.5;

/** The healthy half alone, and beside others. */
const COMPANIES = { alone: undefined, "all answer": "answers", "half hang": "hangs" } as const;
type Company = keyof typeof COMPANIES;

type Round = Readonly<Record<Company, Phase>>;

async function measure(oneTenant: boolean): Promise<readonly Round[]> {
  const endpoints = Number(values.endpoints) / 2;
  const load = { perSecond: Number(values.rate), seconds: Number(values.seconds) };
  const start = async (company: Company): Promise<HealthyHalf> =>
    await startHealthyHalf({ endpoints, oneTenant, others: COMPANIES[company] });
  const alone = await start("alone");
  const answering = await start("all answer");
  const hanging = await start("half hang");
  const rounds: Round[] = [];
  // The first finds everything cold, and those that hang unknown: one of several, it moves no median.
  for (let round = 0; round < Number(values.rounds); round += 1) {
    rounds.push({
      alone: await alone.measure(load),
      "all answer": await answering.measure(load),
      "half hang": await hanging.measure(load),
    });
  }
  for (const half of [alone, answering, hanging]) {
    await half.stop();
  }
  return rounds;
}

/** Of a figure of the healthy half beside those that hang, ÷ that in other company: the median. */
function ratio(rounds: readonly Round[], figure: "arrived" | "p99Ms", than: Company): number {
  return medianOf(rounds.map((round) => round["half hang"][figure] / round[than][figure]));
}

function lineOf(round: Round): string {
  const told = ([company, { arrived, p99Ms, waited }]: readonly [string, Phase]): string =>
    `${company} ${arrived.toFixed(3)} ${p99Ms.toFixed(1)} ms (${(100 * waited).toFixed(0)} %)`;
  return `  ${Object.entries(round).map(told).join(", ")}`;
}

const answers: object[] = [];
for (const oneTenant of [true, false]) {
  const arrangement = oneTenant ? "one tenant" : "a tenant each";
  const rounds = await measure(oneTenant);
  const arrived = ratio(rounds, "arrived", "all answer");
  const p99 = ratio(rounds, "p99Ms", "all answer");
  const p99ToAlone = ratio(rounds, "p99Ms", "alone");
  if (arrived < ARRIVED_MIN || p99 > P99_MAX) {
    process.exitCode = 1;
  }
  answers.push({ arrangement, arrived, p99, p99ToAlone, rounds });
  if (!values.json) {
    console.log(
      `${arrangement}: arrived ${arrived.toFixed(3)} (goal ≥ ${ARRIVED_MIN}), ` +
        `p99 ${p99.toFixed(2)} (goal ≤ ${P99_MAX}), ÷ half the load alone ${p99ToAlone.toFixed(2)}\n` +
        "  by round: arrived, p99, and how much of the time the server waited for a processor\n" +
        rounds.map(lineOf).join("\n"),
    );
  }
}
if (values.json) {
  console.log(JSON.stringify(answers));
}
