import UPlot from "uplot";

/** One line of a plot. */
export interface Line {
  /** As many as there are times. Null: there is none, and the line has a gap. */
  readonly values: readonly (number | null)[];
  /** A colour of the page, by the name of its variable. */
  readonly colour: `--${string}`;
  /** Lengths of its strokes and of the gaps between them. Default: it has no gaps. */
  readonly dash?: readonly number[];
  /** What is below it has this colour. Default: none. */
  readonly below?: `--${string}`;
}

/** What a plot shows. */
export interface Drawing {
  /** In milliseconds since 1970, each later than the one before. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  /** Says a value at the side. */
  readonly valueText: (value: number) => string;
  /** Says a time at the foot. */
  readonly timeText: (ms: number) => string;
  /** By how much marks at the side may differ. Default: by 1, 2 or 5 and zeros behind it. */
  readonly marks?: readonly number[];
  /** The side reaches to this at least. */
  readonly top: number;
}

export interface Plot {
  /** Shows other values: as many lines, in the same colours. */
  update(drawing: Drawing): void;
  remove(): void;
}

const HEIGHT = 190;
const FONT = "12px ui-sans-serif, system-ui, sans-serif";

/** Draws into an element, as wide as it is, and says which of the times one points at. */
export function draw(
  place: HTMLElement,
  drawing: Drawing,
  onPoint: (index: number | undefined) => void,
): Plot {
  let shown = drawing;
  let plot = plotOf(place, shown, onPoint);
  const drawAnew = () => {
    plot.destroy();
    plot = plotOf(place, shown, onPoint);
  };
  // A canvas keeps the colours that it was drawn with.
  const themes = new MutationObserver(drawAnew);
  themes.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", drawAnew);
  const sizes = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: HEIGHT }));
  sizes.observe(place);
  return {
    update(next) {
      shown = next;
      plot.setData(columnsOf(next));
    },
    remove() {
      themes.disconnect();
      dark.removeEventListener("change", drawAnew);
      sizes.disconnect();
      plot.destroy();
    },
  };
}

function columnsOf({ times, lines }: Drawing): UPlot.AlignedData {
  return [times.map((ms) => ms / 1000), ...lines.map(({ values }) => [...values])];
}

function plotOf(place: HTMLElement, drawing: Drawing, onPoint: (index: number | undefined) => void): UPlot {
  const colourOf = (name: string) => {
    place.style.color = `var(${name})`;
    const { color } = getComputedStyle(place);
    place.style.color = "";
    return color;
  };
  const { valueText, timeText, marks, top, lines } = drawing;
  const side = { stroke: colourOf("--muted"), font: FONT, ticks: { show: false } };
  const grid = { stroke: colourOf("--line"), width: 1 };
  return new UPlot(
    {
      width: place.clientWidth,
      height: HEIGHT,
      padding: [8, 28, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false } },
      scales: { y: { range: (_, _least, most) => [0, Math.max(top, (most ?? 0) * 1.08)] } },
      axes: [
        {
          ...side,
          grid: { show: false },
          size: 28,
          space: 64,
          values: (_, at) => at.map((s) => timeText(s * 1000)),
        },
        {
          ...side,
          ...(marks === undefined ? {} : { incrs: [...marks] }),
          grid,
          size: 58,
          space: 36,
          values: (_, at) => at.map(valueText),
        },
      ],
      series: [{}, ...lines.map((line) => seriesOf(line, colourOf))],
      hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)] },
    },
    columnsOf(drawing),
    place,
  );
}

function seriesOf({ colour, dash, below }: Line, colourOf: (name: string) => string): UPlot.Series {
  return {
    stroke: colourOf(colour),
    width: 1.5,
    ...(dash === undefined ? {} : { dash: [...dash] }),
    ...(below === undefined ? {} : { fill: colourOf(below) }),
    points: { show: false, size: 4, fill: colourOf(colour), filter: aloneOf },
  };
}

/** A value between two gaps is no line: it is shown as a point. */
function aloneOf(plot: UPlot, series: number): number[] | null {
  const values = plot.data[series] ?? [];
  const isGap = (index: number) => (values[index] ?? null) === null;
  const alone = [...values.keys()].filter((at) => !isGap(at) && isGap(at - 1) && isGap(at + 1));
  return alone.length === 0 ? null : alone;
}
