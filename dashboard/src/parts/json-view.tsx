import { type KeyboardEvent, useMemo, useState } from "react";
import { type JsonPage, lineAt, pageOf } from "../text/json-page.ts";
import { MATCHES_MAX, type Match, matchesIn } from "../text/json-search.ts";
import { countText, sizeText } from "../text/times.ts";
import { CopyButton } from "./copy-button.tsx";
import { JsonRows } from "./json-rows.tsx";

// What is longer has only the lines that are seen: a browser lays a megabyte of coloured text for seconds.
const WHOLE_CHARACTERS_MAX = 20_000;
const WHOLE_LINES_MAX = 200;
/** Less is read at a glance. */
const SEARCHED_LINES_MIN = 12;

interface JsonViewProps {
  readonly text: string;
  /** Of the text, for whoever does not see it. */
  readonly label: string;
  /** What it is called as it is. Default: it was sent so. */
  readonly rawName?: string;
}

/** A payload: its bytes as text, laid out or as they are. Whatever it says is shown; nothing of it runs. */
export function JsonView({ text, label, rawName = "As it was sent" }: JsonViewProps) {
  const [isRaw, setRaw] = useState(false);
  const page = useMemo(() => {
    const isShort = text.length <= WHOLE_CHARACTERS_MAX;
    return pageOf(text, { isRaw, ...(isShort ? { lineCharactersMax: WHOLE_CHARACTERS_MAX } : {}) });
  }, [text, isRaw]);
  return (
    <Viewed key={String(isRaw)} page={page} label={label}>
      <button
        type="button"
        className="button button-small"
        aria-pressed={isRaw}
        onClick={() => setRaw(!isRaw)}
      >
        {isRaw ? "Laid out" : rawName}
      </button>
      <CopyButton text={text} className="button-small" />
    </Viewed>
  );
}

const NO_LINES: ReadonlySet<number> = new Set();

interface ViewedProps {
  readonly page: JsonPage;
  readonly label: string;
  readonly children: React.ReactNode;
}

function Viewed({ page, label, children }: ViewedProps) {
  const [folded, setFolded] = useState(NO_LINES);
  const [current, setCurrent] = useState({ line: 0, moves: 0 });
  const [wanted, setWanted] = useState("");
  const matches = useMemo(() => matchesIn(page.text, wanted), [page, wanted]);
  const [match, setMatch] = useState<number>();
  const openers = useMemo(() => foldable(page), [page]);
  const isWhole = page.text.length <= WHOLE_CHARACTERS_MAX && page.starts.length <= WHOLE_LINES_MAX;
  const goTo = (line: number) => setCurrent(({ moves }) => ({ line, moves: moves + 1 }));
  const look = (text: string) => {
    setWanted(text);
    setMatch(undefined);
  };
  const show = (number: number) => {
    const line = lineAt(page, matches[number]?.start ?? 0);
    setMatch(number);
    setFolded(new Set([...folded].filter((one) => one >= line || (page.closers[one] ?? one) < line)));
    goTo(line);
  };
  return (
    <div className="panel overflow-hidden">
      <div className="flex flex-wrap items-center justify-between gap-2 border-b border-line px-3 py-1.5">
        <span className="text-[12px] text-muted">{sizeText(new Blob([page.text]).size)}</span>
        <span className="flex flex-wrap items-center gap-2">
          {page.text.length > WHOLE_CHARACTERS_MAX || page.starts.length >= SEARCHED_LINES_MIN ? (
            <Search wanted={wanted} matches={matches} match={match} onWanted={look} onMatch={show} />
          ) : null}
          {openers.length > 0 && (
            <button
              type="button"
              className="button button-small"
              onClick={() => setFolded(folded.size > 0 ? NO_LINES : new Set(openers))}
            >
              {folded.size > 0 ? "Unfold" : "Fold"}
            </button>
          )}
          {children}
        </span>
      </div>
      <JsonRows
        page={page}
        label={label}
        isWhole={isWhole}
        folded={folded}
        onFold={(line) => setFolded(toggled(folded, line))}
        current={current}
        onCurrent={goTo}
        matches={matches}
        match={match}
      />
    </div>
  );
}

/** The lines that open something, but for the outermost: folded, they leave an outline. */
function foldable({ closers, depths }: JsonPage): readonly number[] {
  return closers.flatMap((closer, line) => (closer > line && depths[line] !== 0 ? [line] : []));
}

function toggled(folded: ReadonlySet<number>, line: number): ReadonlySet<number> {
  return folded.has(line) ? new Set([...folded].filter((one) => one !== line)) : new Set([...folded, line]);
}

interface SearchProps {
  readonly wanted: string;
  readonly matches: readonly Match[];
  /** The one that is looked at. */
  readonly match: number | undefined;
  readonly onWanted: (wanted: string) => void;
  readonly onMatch: (match: number) => void;
}

function Search({ wanted, matches, match = -1, onWanted, onMatch }: SearchProps) {
  const step = (by: number) => {
    if (matches.length > 0) {
      onMatch(match < 0 && by < 0 ? matches.length - 1 : (match + by + matches.length) % matches.length);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault();
      step(event.shiftKey ? -1 : 1);
    }
  };
  const count = countText(matches.length, matches.length === MATCHES_MAX);
  return (
    <>
      <input
        type="search"
        aria-label="Search in it"
        placeholder="Search in it"
        className="input w-36 px-2 py-0.5 text-[12px]"
        value={wanted}
        onChange={({ target }) => onWanted(target.value)}
        onKeyDown={onKeyDown}
      />
      <span role="status" className="text-[12px] text-muted tabular-nums">
        {wanted.trim() === "" ? "" : match < 0 ? count : `${countText(match + 1)} of ${count}`}
      </span>
      {matches.length > 0 && (
        <>
          <button
            type="button"
            className="button button-small"
            aria-label="The one before"
            onClick={() => step(-1)}
          >
            ↑
          </button>
          <button
            type="button"
            className="button button-small"
            aria-label="The next one"
            onClick={() => step(1)}
          >
            ↓
          </button>
        </>
      )}
    </>
  );
}
