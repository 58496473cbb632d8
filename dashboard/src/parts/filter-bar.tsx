import { useEffect, useState } from "react";
import { serverNow } from "../server-clock.ts";
import { soughtBy, withAliases } from "../text/search-line.ts";
import { lineOf, type Tokens, tokensIn } from "../text/tokens.ts";
import { whenSubmitted } from "./when-submitted.ts";

interface FilterBarProps {
  /** What can be looked for; a word without a name is one of the first. */
  readonly names: readonly string[];
  /** What may be written, too, and leads to another screen. Default: nothing. */
  readonly leading?: readonly string[];
  readonly filters: Readonly<Record<string, string | undefined>>;
  readonly onChange: (filters: Tokens) => void;
}

/** Where one would not guess what may be written. */
const EXAMPLES: Readonly<Record<string, string>> = { since: "2h", until: "30m" };

/** One line that says what is looked for. It follows the address, which holds the same. */
export function FilterBar({ names, leading = [], filters, onChange }: FilterBarProps) {
  const given = lineOf(filters);
  const [line, setLine] = useState(given);
  useEffect(() => setLine(given), [given]);
  return (
    <form
      onSubmit={whenSubmitted(() => {
        onChange(soughtBy(tokensIn(line, [...withAliases(names), ...leading]), serverNow()));
      })}
      role="search"
      className="mb-3 flex gap-2"
    >
      <input
        type="search"
        data-search=""
        aria-label={`Search by ${names.join(", ")}`}
        className="input font-mono"
        placeholder={names.map((name) => `${name}:${EXAMPLES[name] ?? "…"}`).join(" ")}
        value={line}
        onChange={({ target }) => setLine(target.value)}
      />
      <button type="submit" className="button">
        Search
      </button>
      {given !== "" && (
        <button type="button" className="button" onClick={() => onChange({})}>
          Clear
        </button>
      )}
    </form>
  );
}
