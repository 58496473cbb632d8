import { jsonFault } from "../text/json-fault.ts";
import { Field } from "./field.tsx";

interface JsonFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly rows: number;
  readonly value: string;
  /** Whether it may be left empty. Default: it may not. */
  readonly isOptional?: boolean;
  readonly onChange: (text: string) => void;
}

/** A field for JSON, which says where it is none. */
export function JsonField({ label, hint, rows, value, isOptional = false, onChange }: JsonFieldProps) {
  return (
    <Field label={label} hint={hint} problem={jsonProblem(value, isOptional)}>
      {(given) => (
        <textarea
          {...given}
          className="input font-mono text-[12px]"
          rows={rows}
          spellCheck={false}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}

/** Says where a text is no JSON; undefined: it is. */
export function jsonProblem(text: string, isOptional = false): string | undefined {
  const fault = isOptional && text.trim() === "" ? undefined : jsonFault(text);
  return fault && `This is not JSON: line ${fault.line}, column ${fault.column} must have ${fault.expected}.`;
}
