import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import type { Drawing, Plot } from "./plot.ts";

export interface Legend {
  readonly name: string;
  /** The colour of its line, as the text of this class has it. */
  readonly className: string;
}

interface ChartProps {
  readonly title: string;
  /** What it shows, in words. */
  readonly summary: ReactNode;
  readonly legend: readonly Legend[];
  /** The same object as long as it shows the same. */
  readonly drawing: Drawing;
  /** Says what there was at the time that one points at. */
  readonly textAt: (index: number) => string;
}

/**
 * A chart: for the eye, and beside it the same in words. What draws it is loaded when the first is shown.
 * Whoever needs each number has a table.
 */
export function Chart({ title, summary, legend, drawing, textAt }: ChartProps) {
  const name = useId();
  const { place, pointed, isFailed } = usePlot(drawing);
  return (
    <figure aria-labelledby={name} className="panel min-w-0 p-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h3 id={name} className="font-medium">
          {title}
        </h3>
        <ul className="flex flex-wrap gap-x-4 text-[12px] text-muted">
          {legend.map(({ name: line, className }) => (
            <li key={line} className="flex items-center gap-1.5">
              <span aria-hidden="true" className={`w-4 border-t-2 border-current ${className}`} />
              {line}
            </li>
          ))}
        </ul>
      </div>
      {isFailed ? (
        <p className="py-4 text-muted">The chart could not be loaded. The table below has its numbers.</p>
      ) : (
        <div aria-hidden="true">
          <p className="h-5 truncate pt-1 text-[12px] text-muted tabular-nums">
            {pointed === undefined || pointed >= drawing.times.length ? "" : textAt(pointed)}
          </p>
          <div ref={place} data-chart="" className="h-[190px] overflow-hidden" />
        </div>
      )}
      <figcaption className="mt-2 text-muted">{summary}</figcaption>
    </figure>
  );
}

function usePlot(drawing: Drawing) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot>(undefined);
  const latest = useRef(drawing);
  const [pointed, setPointed] = useState<number>();
  const [isFailed, setFailed] = useState(false);
  useEffect(() => {
    let isGone = false;
    const begin = async () => {
      const { draw } = await import("./plot.ts");
      if (!isGone && place.current !== null) {
        plot.current = draw(place.current, latest.current, setPointed);
      }
    };
    begin().catch(() => setFailed(true));
    return () => {
      isGone = true;
      plot.current?.remove();
      plot.current = undefined;
    };
  }, []);
  useEffect(() => {
    latest.current = drawing;
    plot.current?.update(drawing);
  }, [drawing]);
  return { place, pointed, isFailed };
}
