import { useId, useRef } from "react";
import {
  headersOf,
  type NameRow,
  pointerTo,
  rowProblem,
  withEmptyRow,
  withheldIn,
} from "../text/name-rows.ts";
import { problemAt } from "./problem-at.ts";

/** As many as the API takes. */
const ROWS_MAX = 32;

interface HeaderRowsProps {
  readonly rows: readonly NameRow[];
  /** Of the last call that sent them. */
  readonly error: unknown;
  /** Whether what is stored of their values is seen. */
  readonly areShown: boolean;
  readonly onChange: (rows: readonly NameRow[]) => void;
  /** Default: there is nothing that is not seen. */
  readonly onShow?: (areShown: boolean) => void;
}

/**
 * Headers of an endpoint's own, a row each. What is stored of their values may be a receiver's key: it is
 * seen by who asks.
 */
export function HeaderRows({ rows, error, areShown, onChange, onShow }: HeaderRowsProps) {
  const id = useId();
  const add = useRef<HTMLButtonElement>(null);
  const problem = problemAt(error, "/headers");
  const change = (key: number, part: Partial<NameRow>) =>
    onChange(rows.map((row) => (row.key === key ? { ...row, ...part } : row)));
  return (
    <fieldset aria-describedby={`${id}-hint`}>
      <legend className="mb-1 font-medium">Headers</legend>
      <ul className="space-y-2">
        {rows.map((row, at) => (
          <HeaderRow
            key={row.key}
            row={row}
            place={at + 1}
            isHidden={row.isStored && !areShown}
            problem={rowProblem(rows, row) ?? problemAt(error, pointerTo("headers", row.name))}
            onChange={(part) => change(row.key, part)}
            onRemove={() => {
              onChange(rows.filter(({ key }) => key !== row.key));
              add.current?.focus();
            }}
          />
        ))}
      </ul>
      <div className="mt-2 flex flex-wrap gap-2">
        <button
          ref={add}
          type="button"
          className="button button-small"
          // It keeps the focus of who removes a row, so it is never disabled.
          onClick={() => rows.length < ROWS_MAX && onChange(withEmptyRow(rows))}
        >
          Add a header
        </button>
        {onShow !== undefined && rows.some(({ isStored }) => isStored) && (
          <button
            type="button"
            className="button button-small"
            aria-pressed={areShown}
            onClick={() => onShow(!areShown)}
          >
            Show values
          </button>
        )}
      </div>
      <div id={`${id}-hint`} className="mt-1 text-[12px] text-muted">
        {problem === undefined ? (
          "Sent with every request, beside the contract's own."
        ) : (
          <span className="text-bad">{problem}</span>
        )}
      </div>
    </fieldset>
  );
}

interface HeaderRowProps {
  readonly row: NameRow;
  /** Among all, from 1. */
  readonly place: number;
  readonly isHidden: boolean;
  readonly problem: string | undefined;
  readonly onChange: (part: Partial<NameRow>) => void;
  readonly onRemove: () => void;
}

function HeaderRow({ row, place, isHidden, problem, onChange, onRemove }: HeaderRowProps) {
  const id = useId();
  const label = row.name.trim() === "" ? `header ${place}` : row.name.trim();
  const given = {
    className: "input font-mono",
    autoComplete: "off",
    spellCheck: false,
    "aria-invalid": problem !== undefined,
    "aria-describedby": problem === undefined ? undefined : id,
  };
  return (
    <li>
      <div className="grid gap-2 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto]">
        <input
          {...given}
          aria-label={`Name of header ${place}`}
          placeholder="Name"
          autoFocus={!row.isStored}
          value={row.name}
          onChange={({ target }) => onChange({ name: target.value })}
        />
        <input
          {...given}
          aria-label={`Value of ${label}`}
          placeholder="Value"
          type={isHidden ? "password" : "text"}
          value={row.value}
          onChange={({ target }) => onChange({ value: target.value })}
        />
        <button
          type="button"
          className="button justify-self-start"
          aria-label={`Remove ${label}`}
          onClick={onRemove}
        >
          Remove
        </button>
      </div>
      {problem !== undefined && (
        <p id={id} className="mt-1 text-[12px] text-bad">
          {problem}
        </p>
      )}
    </li>
  );
}

/** What a command says of headers: what is not seen of them above is not seen there. */
export function headersSaid(rows: readonly NameRow[], areShown: boolean): Readonly<Record<string, string>> {
  return headersOf(areShown ? rows : withheldIn(rows));
}

/** For who may not change them, and so is not told what they say. */
export function HeaderNames({ names }: { readonly names: readonly string[] }) {
  return names.length === 0 ? null : (
    <p>
      Headers of its own, whose values are not shown:{" "}
      {names.map((name, at) => (
        <span key={name}>
          {at > 0 && ", "}
          <code>{name}</code>
        </span>
      ))}
    </p>
  );
}
