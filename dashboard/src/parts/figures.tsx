import type { Counts, Stats } from "@posthorn/client/operations";
import { durationText } from "@posthorn/contracts/duration-text";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import { serverNow } from "../server-clock.ts";
import {
  busiestOf,
  DEFAULT_RANGE,
  isNothing,
  MARKS_MS,
  percentText,
  RANGE_NAMES,
  RANGES,
  type Range,
  type Step,
  splitAtRunning,
  stepsOf,
} from "../text/figures.ts";
import { momentText, shortTimeText } from "../text/step-times.ts";
import { countText } from "../text/times.ts";
import { Chart, type Legend } from "./chart.tsx";
import { ReadFailure } from "./failure.tsx";
import { FigureTable } from "./figure-table.tsx";
import { Empty, Loading } from "./page.tsx";
import type { Drawing, Line } from "./plot.ts";
import type { Counted } from "./standing.tsx";
import { Tile, Tiles } from "./tiles.tsx";

interface FiguresProps extends Counted {
  readonly range: Range;
  /** How something comes to be counted. */
  readonly teach: ReactNode;
}

/** What was accepted and what became of it, in figures and by time. */
export function Figures({ tenant, readStats, range, teach }: FiguresProps) {
  const { ms, resolution, words } = RANGES[range];
  const query = useQuery({
    queryKey: ["stats", { tenant, range }],
    queryFn: async () => await readStats({ since: new Date(serverNow() - ms).toISOString(), resolution }),
    // Those by the hour are longer, and change less.
    refetchInterval: resolution === "minute" ? 5000 : 60_000,
  });
  return (
    <>
      <div className="mt-6 mb-2 flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-base font-semibold">In {words}</h2>
        <nav aria-label="How far back" className="flex gap-1.5">
          {RANGE_NAMES.map((each) => (
            <Link
              key={each}
              to="."
              search={{ range: each === DEFAULT_RANGE ? undefined : each }}
              activeOptions={{ exact: true }}
              aria-current={each === range ? "page" : undefined}
              className="button button-small"
            >
              {each}
            </Link>
          ))}
        </nav>
      </div>
      {query.isPending && <Loading />}
      <ReadFailure query={query} />
      {query.data !== undefined &&
        (isNothing(query.data.total) ? (
          <Empty title={`Nothing happened in ${words}.`}>{teach}</Empty>
        ) : (
          <Shown key={range} stats={query.data} range={range} />
        ))}
    </>
  );
}

function Shown({ stats, range }: { readonly stats: Stats; readonly range: Range }) {
  const steps = useMemo(() => stepsOf(stats), [stats]);
  return (
    <div className="space-y-3">
      <Outcomes total={stats.total} />
      <div className="grid gap-3 lg:grid-cols-2">
        <Traffic steps={steps} total={stats.total} range={range} />
        <Times steps={steps} total={stats.total} range={range} />
      </div>
      <FigureTable steps={steps} range={range} />
    </div>
  );
}

function Outcomes({ total }: { readonly total: Counts }) {
  const { first_tried, delivered, delivered_first_try, rejected, dead } = total;
  const ended = delivered + rejected + dead;
  const { p50_ms, p95_ms, p99_ms } = total.accepted_to_delivered;
  return (
    <Tiles>
      <Tile name="At the first try" hint={ofText(delivered_first_try, first_tried, "tried")}>
        {percentText(delivered_first_try, first_tried) ?? "–"}
      </Tile>
      <Tile name="In the end" hint={ofText(delivered, ended, "that ended")}>
        {percentText(delivered, ended) ?? "–"}
      </Tile>
      {(
        [
          ["p50", p50_ms],
          ["p95", p95_ms],
          ["p99", p99_ms],
        ] as const
      ).map(([name, ms]) => (
        <Tile key={name} name={name} hint="from accepted to delivered">
          {ms === null ? "–" : durationText(ms)}
        </Tile>
      ))}
    </Tiles>
  );
}

function ofText(part: number, whole: number, which: string): string {
  return whole === 0 ? `of none ${which}` : `${countText(part)} of ${countText(whole)} ${which}`;
}

interface ChartedProps {
  readonly steps: readonly Step[];
  readonly total: Counts;
  readonly range: Range;
}

const TRAFFIC: readonly Legend[] = [
  { name: "accepted", className: "text-accent" },
  { name: "delivered", className: "text-good" },
  { name: "rejected or dead", className: "text-bad" },
];

/** How far the side reaches at least, so that little does not look like much. */
const COUNT_TOP = 4;
const MS_TOP = 20;

function Traffic({ steps, total, range }: ChartedProps) {
  const { resolution, words } = RANGES[range];
  const drawing = useMemo(
    (): Drawing => ({
      ...axesOf(steps, range),
      lines: [
        ...linesOf(steps, { colour: "--accent", below: "--accent-soft" }, ({ accepted }) => accepted),
        ...linesOf(steps, { colour: "--good" }, ({ delivered }) => delivered),
        ...linesOf(steps, { colour: "--bad" }, ({ failed }) => failed),
      ],
      valueText: (value) => (Number.isInteger(value) ? countText(value) : ""),
      top: COUNT_TOP,
    }),
    [steps, range],
  );
  const failed = total.rejected + total.dead;
  return (
    <Chart
      title={`Events and deliveries by the ${resolution}`}
      legend={TRAFFIC}
      drawing={drawing}
      textAt={(index) => trafficTextAt(steps[index], range)}
      summary={
        <>
          {countText(total.accepted)} accepted and {countText(total.delivered)} delivered in {words};{" "}
          {failed === 0 ? "none" : countText(failed)} rejected or dead. {busiestText(steps, range)} The{" "}
          {resolution} that runs is dashed.
        </>
      }
    />
  );
}

function busiestText(steps: readonly Step[], range: Range): string {
  const busiest = busiestOf(steps);
  if (busiest === undefined) {
    return "";
  }
  const { at, accepted } = busiest;
  const since = `${RANGES[range].resolution} from ${momentText(at, range)}`;
  return `Most were accepted in the ${since}: ${countText(accepted)}.`;
}

function trafficTextAt(step: Step | undefined, range: Range): string {
  if (step === undefined) {
    return "";
  }
  const { at, isRunning, accepted, delivered, failed } = step;
  const counts = [`${countText(accepted)} accepted`, `${countText(delivered)} delivered`];
  const said = [...counts, `${countText(failed)} rejected or dead`].join(", ");
  return `${momentText(at, range)}${isRunning ? ", so far" : ""}: ${said}`;
}

const TIMES: readonly Legend[] = [
  { name: "p50", className: "text-accent" },
  { name: "p95", className: "text-brass" },
  { name: "p99", className: "text-bad" },
];

function Times({ steps, total, range }: ChartedProps) {
  const { resolution, words } = RANGES[range];
  const drawing = useMemo(
    (): Drawing => ({
      ...axesOf(steps, range),
      lines: [
        { values: steps.map(({ p50 }) => p50), colour: "--accent" },
        { values: steps.map(({ p95 }) => p95), colour: "--brass" },
        { values: steps.map(({ p99 }) => p99), colour: "--bad" },
      ],
      valueText: durationText,
      marks: MARKS_MS,
      top: MS_TOP,
    }),
    [steps, range],
  );
  const { p50_ms, p99_ms } = total.accepted_to_delivered;
  return (
    <Chart
      title={`From accepted to delivered, by the ${resolution}`}
      legend={TIMES}
      drawing={drawing}
      textAt={(index) => timesTextAt(steps[index], range)}
      summary={
        p50_ms === null || p99_ms === null ? (
          `Nothing was delivered in ${words}, so nothing took any time.`
        ) : (
          <>
            Half took {durationText(p50_ms)} or less, 99 of 100 took {durationText(p99_ms)} or less, retries
            and waiting among it. A {resolution} without a delivery has no line.
          </>
        )
      }
    />
  );
}

function timesTextAt(step: Step | undefined, range: Range): string {
  if (step === undefined) {
    return "";
  }
  const { at, p50, p95, p99 } = step;
  const said = Object.entries({ p50, p95, p99 }).flatMap(([name, ms]) =>
    ms === null ? [] : [`${name} ${durationText(ms)}`],
  );
  return `${momentText(at, range)}: ${said.length === 0 ? "none delivered" : said.join(", ")}`;
}

function axesOf(steps: readonly Step[], range: Range): Pick<Drawing, "times" | "timeText"> {
  return { times: steps.map(({ at }) => at), timeText: (ms) => shortTimeText(ms, range) };
}

function linesOf(
  steps: readonly Step[],
  look: Pick<Line, "colour" | "below">,
  valueOf: (step: Step) => number,
): readonly Line[] {
  const [over, running] = splitAtRunning(steps, valueOf);
  return [
    { values: over, ...look },
    { values: running, colour: look.colour, dash: [3, 3] },
  ];
}
