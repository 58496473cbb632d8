import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState } from "react";
import { linesOf } from "../text/json-lines.ts";
import { type JsonToken, laidOut } from "../text/json-text.ts";
import { sizeText } from "../text/times.ts";
import { CopyButton } from "./copy-button.tsx";

// What is longer has only the lines that are seen: a browser lays a megabyte of coloured text for seconds.
const WHOLE_CHARACTERS_MAX = 20_000;

const COLOURS: Readonly<Record<JsonToken["kind"], string>> = {
  name: "text-accent",
  text: "text-good",
  number: "text-warn",
  word: "text-bad",
  sign: "text-muted",
  space: "",
};

interface JsonViewProps {
  readonly text: string;
  /** Of the text, for who does not see it. */
  readonly label: string;
  /** What it is called as it is. Default: it was sent so. */
  readonly rawName?: string;
}

/** A payload: its bytes as text, laid out or as they are. Whatever it says is shown; nothing of it runs. */
export function JsonView({ text, label, rawName = "As it was sent" }: JsonViewProps) {
  const [isRaw, setRaw] = useState(false);
  const isLong = text.length > WHOLE_CHARACTERS_MAX;
  const tokens = useMemo(() => (isRaw ? [{ kind: "space", text } as const] : laidOut(text)), [text, isRaw]);
  return (
    <div className="panel overflow-hidden">
      <div className="flex items-center justify-between border-b border-line px-3 py-1.5">
        <span className="text-[12px] text-muted">{sizeText(new Blob([text]).size)}</span>
        <span className="flex gap-2">
          <button
            type="button"
            className="button text-[12px]"
            aria-pressed={isRaw}
            onClick={() => setRaw(!isRaw)}
          >
            {isRaw ? "Laid out" : rawName}
          </button>
          <CopyButton text={text} />
        </span>
      </div>
      {isLong ? (
        <LongText key={String(isRaw)} tokens={tokens} label={label} />
      ) : (
        <pre tabIndex={0} aria-label={label} className="bytes max-h-112 p-3">
          <Coloured tokens={tokens} />
        </pre>
      )}
    </div>
  );
}

interface TokensProps {
  readonly tokens: readonly JsonToken[];
}

function Coloured({ tokens }: TokensProps) {
  return tokens.map(({ kind, text }, at) => (
    <span key={at} className={COLOURS[kind]}>
      {text}
    </span>
  ));
}

const LINE_HEIGHT = 20;

/** Lines of one height each, of which only those that are seen are there. */
function LongText({ tokens, label }: TokensProps & { readonly label: string }) {
  const scroller = useRef<HTMLPreElement>(null);
  const lines = useMemo(() => linesOf(tokens), [tokens]);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 20,
  });
  return (
    <pre
      ref={scroller}
      tabIndex={0}
      aria-label={label}
      className="h-112 overflow-auto px-3 text-[12px] leading-5 whitespace-pre"
    >
      <div className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <div key={index} className="absolute left-0 h-5" style={{ top: start }}>
            <Coloured tokens={lines[index] ?? []} />
          </div>
        ))}
      </div>
    </pre>
  );
}
