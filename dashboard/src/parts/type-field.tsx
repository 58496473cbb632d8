import { useId } from "react";
import { Field } from "./field.tsx";
import type { SampleType } from "./use-event-types.ts";

interface TypeFieldProps {
  readonly type: string;
  /** What is known of it. */
  readonly known: SampleType | undefined;
  readonly all: readonly SampleType[];
  readonly onChange: (type: string) => void;
}

/** A field for any event type, which offers those that are known. */
export function TypeField({ type, known, all, onChange }: TypeFieldProps) {
  const list = useId();
  const hint =
    known?.description ?? "One of a catalogue, whose example then stands below, or any name of yours.";
  return (
    <Field label="Event type" hint={hint}>
      {(given) => (
        <>
          <input
            {...given}
            className="input font-mono"
            list={list}
            required
            placeholder="invoice.paid"
            value={type}
            onChange={({ target }) => onChange(target.value)}
          />
          <datalist id={list}>
            {[...new Set(all.map(({ name }) => name))].map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
