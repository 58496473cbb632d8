import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef } from "react";
import { indentOf, type JsonPage, openerOf, shownLines, tokensOf } from "../text/json-page.ts";
import { type Match, type Segment, segmentsOf } from "../text/json-search.ts";
import type { JsonToken } from "../text/json-text.ts";
import { countText } from "../text/times.ts";

interface JsonRowsProps {
  readonly page: JsonPage;
  readonly label: string;
  /** Whether it is short enough for all of it to be there. */
  readonly isWhole: boolean;
  readonly folded: ReadonlySet<number>;
  readonly onFold: (line: number) => void;
  /** The line that keys go from, and how often it was gone to. */
  readonly current: { readonly line: number; readonly moves: number };
  readonly onCurrent: (line: number) => void;
  readonly matches: readonly Match[];
  readonly match: number | undefined;
}

const LINE_HEIGHT = 20;
const PAGE_LINES = 20;

/** The lines of a payload: a tree, where they are JSON, whose keys are those of any tree. */
export function JsonRows(props: JsonRowsProps) {
  const { page, label, isWhole, folded, current } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => shownLines(page, folded), [page, folded]);
  const count = shown?.length ?? page.starts.length;
  const place = shown === undefined ? current.line : Math.max(0, shown.indexOf(current.line));
  const virtual = useVirtualizer({
    count: isWhole ? 0 : count,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 20,
  });
  const lineOf = (at: number) => shown?.[at] ?? at;
  useEffect(() => {
    if (current.moves > 0 && isWhole) {
      scroller.current?.querySelector("[data-current]")?.scrollIntoView({ block: "nearest" });
    } else if (current.moves > 0) {
      virtual.scrollToIndex(place);
    }
  }, [current, isWhole, place, virtual]);
  const rows = isWhole
    ? Array.from({ length: count }, (_, at) => ({ at, top: undefined }))
    : virtual.getVirtualItems().map(({ index, start }) => ({ at: index, top: start }));
  const isThere = rows.some(({ at }) => at === place);
  const onKeyDown = (event: KeyboardEvent) => {
    if (pressed(event.key, { ...props, place, count, lineOf })) {
      event.preventDefault();
    }
  };
  const shownRows = rows.map(({ at, top }) => (
    <Row key={lineOf(at)} {...props} id={id} line={lineOf(at)} top={top} isCurrent={at === place} />
  ));
  return (
    <div
      ref={scroller}
      role={page.isJson ? "tree" : "group"}
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={page.isJson && isThere ? `${id}-${lineOf(place)}` : undefined}
      className={`group font-mono text-[12px] leading-5 ${isWhole ? WHOLE : PART}`}
      onKeyDown={page.isJson ? onKeyDown : undefined}
    >
      {isWhole ? (
        shownRows
      ) : (
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {shownRows}
        </div>
      )}
    </div>
  );
}

const WHOLE = "max-h-112 overflow-auto p-3 whitespace-pre-wrap break-all";
const PART = "h-112 overflow-auto px-3 whitespace-pre";

interface Standing extends JsonRowsProps {
  /** Of the line that keys go from, among those that are shown. */
  readonly place: number;
  readonly count: number;
  readonly lineOf: (place: number) => number;
}

/** Goes through the lines as through any tree; returns whether the key meant something. */
function pressed(key: string, { page, folded, onFold, onCurrent, place, count, lineOf }: Standing): boolean {
  const line = lineOf(place);
  const isOpener = (page.closers[line] ?? line) > line;
  const goTo = (to: number) => onCurrent(lineOf(Math.max(0, Math.min(count - 1, to))));
  switch (key) {
    case "ArrowDown":
      goTo(place + 1);
      return true;
    case "ArrowUp":
      goTo(place - 1);
      return true;
    case "PageDown":
      goTo(place + PAGE_LINES);
      return true;
    case "PageUp":
      goTo(place - PAGE_LINES);
      return true;
    case "Home":
      goTo(0);
      return true;
    case "End":
      goTo(count - 1);
      return true;
    case "ArrowRight":
      if (folded.has(line)) {
        onFold(line);
      } else if (isOpener) {
        goTo(place + 1);
      }
      return true;
    case "ArrowLeft":
      if (isOpener && !folded.has(line)) {
        onFold(line);
      } else {
        onCurrent(openerOf(page, line) ?? line);
      }
      return true;
    case "Enter":
    case " ":
      if (isOpener) {
        onFold(line);
      }
      return isOpener;
    default:
      return false;
  }
}

interface RowProps extends JsonRowsProps {
  readonly id: string;
  readonly line: number;
  /** Where it stands, where not all are there. */
  readonly top: number | undefined;
  readonly isCurrent: boolean;
}

const CURRENT = "group-focus-visible:data-current:bg-accent-soft";

function Row({ page, id, line, top, folded, onFold, onCurrent, isCurrent, matches, match }: RowProps) {
  const closer = page.closers[line] ?? line;
  const isFolded = folded.has(line);
  const tree = { role: "treeitem", "aria-level": (page.depths[line] ?? 0) + 1 } as const;
  const opener = closer > line ? { "aria-expanded": !isFolded } : {};
  return (
    <div
      id={`${id}-${line}`}
      {...(page.isJson ? { ...tree, ...opener } : {})}
      data-current={isCurrent ? "" : undefined}
      className={`${CURRENT} ${top === undefined ? "min-h-5" : "absolute left-0 h-5 min-w-full"}`}
      style={top === undefined ? undefined : { top }}
      onClick={() => onCurrent(line)}
    >
      {page.isJson && (
        <span
          aria-hidden="true"
          className="inline-block w-4 text-muted select-none"
          onClick={closer > line ? () => onFold(line) : undefined}
        >
          {closer > line ? (isFolded ? "▸" : "▾") : ""}
        </span>
      )}
      {page.isJson && indentOf(page, line)}
      <Segments segments={segmentsOf(tokensOf(page, line), matches)} match={match} />
      {isFolded && (
        <span className="text-muted">
          {" "}
          … {countText(closer - line - 1)} lines <Closing page={page} line={closer} />
        </span>
      )}
    </div>
  );
}

function Closing({ page, line }: { readonly page: JsonPage; readonly line: number }) {
  return tokensOf(page, line)
    .map(({ text }) => text)
    .join("");
}

const COLOURS: Readonly<Record<JsonToken["kind"], string>> = {
  name: "text-accent",
  text: "text-good",
  number: "text-warn",
  word: "text-bad",
  sign: "text-muted",
  space: "",
};

interface SegmentsProps {
  readonly segments: readonly Segment[];
  readonly match: number | undefined;
}

/** Each by itself: a name from right to left does not turn round what stands beside it. */
function Segments({ segments, match }: SegmentsProps) {
  return segments.map(({ kind, text, match: found }, at) =>
    found === undefined ? (
      <bdi key={at} className={COLOURS[kind]}>
        {text}
      </bdi>
    ) : (
      <mark key={at} className={found === match ? "bg-accent text-(--on-accent)" : "bg-warn-soft text-ink"}>
        {text}
      </mark>
    ),
  );
}
