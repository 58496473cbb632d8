import { useState } from "react";
import { NUMBER } from "../text/json-fault.ts";
import { type JsonLeaf, jsonLeaves, withLeaf } from "../text/json-leaves.ts";
import { Field } from "./field.tsx";

interface JsonFormProps {
  /** JSON. */
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/** A field for each text, number and word of a JSON text, whose other characters stay as they are. */
export function JsonForm({ value, onChange }: JsonFormProps) {
  const leaves = jsonLeaves(value);
  if (leaves.length === 0) {
    return <p className="text-muted">Nothing in it can be filled in: write it as JSON.</p>;
  }
  return (
    <fieldset className="max-h-96 space-y-3 overflow-y-auto rounded-md border border-line p-3">
      <legend className="px-1 font-medium">Data</legend>
      {leaves.map((leaf) => {
        const change = (literal: string) => onChange(withLeaf(value, leaf, literal));
        return leaf.kind === "number" ? (
          <NumberField key={leaf.path} leaf={leaf} onChange={change} />
        ) : (
          <LeafField key={leaf.path} leaf={leaf} onChange={change} />
        );
      })}
    </fieldset>
  );
}

interface LeafFieldProps {
  readonly leaf: JsonLeaf;
  readonly onChange: (literal: string) => void;
}

function LeafField({ leaf: { path, kind, literal }, onChange }: LeafFieldProps) {
  return (
    <Field label={labelOf(path)}>
      {(given) =>
        kind === "text" ? (
          <input
            {...given}
            className="input"
            value={String(JSON.parse(literal))}
            onChange={({ target }) => onChange(JSON.stringify(target.value))}
          />
        ) : (
          <select
            {...given}
            className="input"
            value={literal}
            onChange={({ target }) => onChange(target.value)}
          >
            {["true", "false", "null"].map((word) => (
              <option key={word}>{word}</option>
            ))}
          </select>
        )
      }
    </Field>
  );
}

/** Keeps what is typed until it is a number. */
function NumberField({ leaf: { path, literal }, onChange }: LeafFieldProps) {
  const [draft, setDraft] = useState<string>();
  const type = (text: string) => {
    const isNumber = WHOLE_NUMBER.test(text);
    setDraft(isNumber ? undefined : text);
    if (isNumber) {
      onChange(text);
    }
  };
  return (
    <Field
      label={labelOf(path)}
      problem={draft === undefined ? undefined : `This is no number: ${literal} is sent.`}
    >
      {(given) => (
        <input
          {...given}
          className="input font-mono"
          inputMode="decimal"
          value={draft ?? literal}
          onChange={({ target }) => type(target.value)}
        />
      )}
    </Field>
  );
}

const WHOLE_NUMBER = new RegExp(`^${NUMBER.source}$`);

function labelOf(path: string): string {
  return path === "" ? "Value" : path;
}
