import { createTable } from "../remote/table.ts";
import type { Rounds } from "./rounds.ts";
import type { Latencies, Rate } from "./steady-load.ts";

/** In the order of the table. */
export const WAYS = ["bare client", "in batches of 100", "one by one"] as const;

export type Way = (typeof WAYS)[number];

/** What was measured, all medians. */
export interface Measured {
  readonly machine: string;
  readonly url: string;
  readonly rounds: number;
  readonly events: number;
  readonly throughput: Rounds<Way>;
  readonly rate: Rate;
  readonly latencies: Latencies;
  /** Of one request to the receiver. */
  readonly postMs: number;
  /** Of all rounds, the first that counts for nothing else too. */
  readonly arrived: number;
  readonly repeated: number;
}

/** Makes what `--json` prints. `ratio`s are to the bare client, and of latencies to one POST. */
export function reportOf(measured: Measured) {
  const { machine, url, rounds, events, throughput, rate, latencies, postMs, arrived, repeated } = measured;
  const row = (what: "p50" | "p99", lateMs: number) => ({
    what,
    ms: rounded(latencies[what]),
    ratio: rounded(latencies[what] / postMs),
    posted_late_ms: rounded(lateMs),
  });
  return {
    machine,
    url,
    rounds,
    events,
    throughput: WAYS.map((what) => ({
      what,
      deliveries_per_second: rounded(throughput.perSecond(what)),
      ratio: rounded(throughput.perSecond(what) / throughput.perSecond("bare client")),
      cpu_us: rounded(throughput.cpuUs(what)),
      cpu_ratio: rounded(throughput.cpuUs(what) / throughput.cpuUs("bare client")),
    })),
    latency: {
      events_per_second: rounded(rate.perSecond),
      seconds: rate.seconds,
      post_ms: rounded(postMs),
      percentiles: [row("p50", latencies.lateP50), row("p99", latencies.lateP99)],
    },
    arrived,
    repeated,
  };
}

/** Writes the same for people. */
export function reportLines(report: ReturnType<typeof reportOf>): readonly string[] {
  const { machine, url, rounds, events, throughput, latency, arrived, repeated } = report;
  return [
    `${machine}; ${url}; medians of ${rounds} rounds of ${events} events`,
    "",
    ...createTable(["what", "deliveries_per_second", "ratio", "cpu_us", "cpu_ratio"]).lines(throughput),
    "",
    `${latency.events_per_second} events a second for ${latency.seconds} s, from when one was meant to be ` +
      `posted to its arrival; a POST to the receiver takes ${latency.post_ms} ms`,
    ...createTable(["what", "ms", "ratio", "posted_late_ms"]).lines(latency.percentiles),
    "",
    `${arrived} deliveries arrived and were verified, ${repeated} of them came again`,
  ];
}

/** Null: it is not known. */
function rounded(figure: number): number | null {
  return Number.isFinite(figure) ? Number(figure.toPrecision(4)) : null;
}
