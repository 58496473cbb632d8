import { useId, useRef } from "react";
import {
  type NameRow,
  pointerTo,
  rowProblem,
  textsOf,
  trimmed,
  withEmptyRow,
  withheldIn,
} from "../text/name-rows.ts";
import { problemAt } from "./problem-at.ts";

interface Named {
  /** In the API, which says by it what is wrong. */
  readonly member: "headers" | "metadata";
  readonly legend: string;
  /** One of them. */
  readonly one: string;
  readonly hint: string;
  /** As many as the API takes. */
  readonly max: number;
  readonly cleaned: (rows: readonly NameRow[]) => readonly NameRow[];
}

/** What is stored of their values may be a receiver's key. */
export const HEADERS: Named = {
  member: "headers",
  legend: "Headers",
  one: "header",
  hint: "Sent with every request, beside the contract's own.",
  max: 32,
  cleaned: trimmed,
};

export const METADATA: Named = {
  member: "metadata",
  legend: "Metadata",
  one: "entry",
  hint: "Of your own: it is kept and shown, and not sent.",
  max: 50,
  cleaned: (rows) => rows,
};

interface NameRowsProps {
  readonly of: Named;
  readonly rows: readonly NameRow[];
  /** Of the last call that sent them. */
  readonly error: unknown;
  readonly onChange: (rows: readonly NameRow[]) => void;
  /** Whether what is stored of their values is seen, where it is seen by who asks. Default: it is seen. */
  readonly shown?: { readonly areShown: boolean; readonly onShow: (areShown: boolean) => void } | undefined;
}

/** Texts by their names, a row each. */
export function NameRows({ of, rows, error, onChange, shown }: NameRowsProps) {
  const id = useId();
  const add = useRef<HTMLButtonElement>(null);
  const problem = problemAt(error, `/${of.member}`);
  const change = (key: number, part: Partial<NameRow>) =>
    onChange(rows.map((row) => (row.key === key ? { ...row, ...part } : row)));
  const cleaned = of.cleaned(rows);
  return (
    <fieldset aria-describedby={`${id}-hint`}>
      <legend className="mb-1 font-medium">{of.legend}</legend>
      <ul className="space-y-2">
        {rows.map((row, at) => (
          <Row
            key={row.key}
            row={row}
            label={`${of.one} ${at + 1}`}
            isHidden={row.isStored && shown?.areShown === false}
            problem={problemOf(cleaned, cleaned[at] ?? row, { member: of.member, error })}
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
          onClick={() => rows.length < of.max && onChange(withEmptyRow(rows))}
        >
          Add {of.one === "entry" ? "an" : "a"} {of.one}
        </button>
        {shown !== undefined && rows.some(({ isStored }) => isStored) && (
          <button
            type="button"
            className="button button-small"
            aria-pressed={shown.areShown}
            onClick={() => shown.onShow(!shown.areShown)}
          >
            Show values
          </button>
        )}
      </div>
      <div id={`${id}-hint`} className="mt-1 text-[12px] text-muted">
        {problem === undefined ? of.hint : <span className="text-bad">{problem}</span>}
      </div>
    </fieldset>
  );
}

function problemOf(
  rows: readonly NameRow[],
  row: NameRow,
  { member, error }: { readonly member: string; readonly error: unknown },
): string | undefined {
  return rowProblem(rows, row) ?? problemAt(error, pointerTo(member, row.name));
}

interface RowProps {
  readonly row: NameRow;
  /** While it has no name. */
  readonly label: string;
  readonly isHidden: boolean;
  readonly problem: string | undefined;
  readonly onChange: (part: Partial<NameRow>) => void;
  readonly onRemove: () => void;
}

function Row({ row, label, isHidden, problem, onChange, onRemove }: RowProps) {
  const id = useId();
  const name = row.name.trim() === "" ? label : row.name.trim();
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
          aria-label={`Name of ${label}`}
          placeholder="Name"
          autoFocus={!row.isStored}
          value={row.name}
          onChange={({ target }) => onChange({ name: target.value })}
        />
        <input
          {...given}
          aria-label={`Value of ${name}`}
          placeholder="Value"
          type={isHidden ? "password" : "text"}
          value={row.value}
          onChange={({ target }) => onChange({ value: target.value })}
        />
        <button
          type="button"
          className="button justify-self-start"
          aria-label={`Remove ${name}`}
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
  return textsOf(trimmed(areShown ? rows : withheldIn(rows)));
}

/** For who may not change them: of headers the names alone, as the API says no more. */
export function NamesRead({ of, rows }: Pick<NameRowsProps, "of" | "rows">) {
  return rows.length === 0 ? null : (
    <div>
      <h3 className="font-medium">{of.legend}</h3>
      <ul>
        {rows.map(({ key, name, value }) => (
          <li key={key} className="break-all">
            <code>{name}</code>
            {of.member === "headers" ? ", whose value is not shown" : `: ${value}`}
          </li>
        ))}
      </ul>
    </div>
  );
}
