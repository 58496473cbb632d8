import { useMemo, useState } from "react";
import { type JsonToken, laidOut } from "../text/json-text.ts";
import { sizeText } from "../text/times.ts";

// More characters than anybody reads; a browser lays out a megabyte of coloured text for seconds.
const SHOWN_MAX = 100_000;

const COLOURS: Readonly<Record<JsonToken["kind"], string>> = {
  name: "text-accent",
  text: "text-good",
  number: "text-warn",
  word: "text-bad",
  sign: "text-muted",
  space: "",
};

/** A payload: its bytes as text, laid out or as they are. Whatever it says is shown; nothing of it runs. */
export function JsonView({ text, label }: { readonly text: string; readonly label: string }) {
  const [isRaw, setRaw] = useState(false);
  const [isWhole, setWhole] = useState(false);
  const isLong = text.length > SHOWN_MAX;
  const tokens = useMemo(() => (isRaw || isLong ? undefined : laidOut(text)), [text, isRaw, isLong]);
  const shown = isLong && !isWhole ? text.slice(0, SHOWN_MAX) : text;
  return (
    <div className="panel overflow-hidden">
      <div className="flex items-center justify-between border-b border-line px-3 py-1.5">
        <span className="text-[12px] text-muted">{sizeText(new Blob([text]).size)}</span>
        <span className="flex gap-2">
          {!isLong && (
            <button
              type="button"
              className="button text-[12px]"
              aria-pressed={isRaw}
              onClick={() => setRaw(!isRaw)}
            >
              {isRaw ? "Laid out" : "As it was sent"}
            </button>
          )}
          <button
            type="button"
            className="button text-[12px]"
            onClick={() => void navigator.clipboard.writeText(text)}
          >
            Copy
          </button>
        </span>
      </div>
      <pre tabIndex={0} aria-label={label} className="bytes max-h-112 p-3">
        {tokens === undefined
          ? shown
          : tokens.map(({ kind, text: part }, at) => (
              <span key={at} className={COLOURS[kind]}>
                {part}
              </span>
            ))}
      </pre>
      {isLong && !isWhole && (
        <button type="button" className="button m-2" onClick={() => setWhole(true)}>
          Show all {sizeText(text.length)}
        </button>
      )}
    </div>
  );
}
