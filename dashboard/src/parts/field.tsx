import { type ReactNode, useId } from "react";

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  /** What the server says is wrong with it. */
  readonly problem?: string | undefined;
  /** Takes the focus where the field is not one that a label can name. */
  readonly onLabel?: () => void;
  readonly children: (given: { readonly id: string; readonly "aria-describedby": string }) => ReactNode;
}

export function Field({ label, hint, problem, onLabel, children }: FieldProps) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} onClick={onLabel} className="mb-1 block font-medium">
        {label}
      </label>
      {children({ id, "aria-describedby": `${id}-hint` })}
      <div id={`${id}-hint`} className="mt-1 text-[12px] text-muted">
        {problem === undefined ? hint : <span className="text-bad">{problem}</span>}
      </div>
    </div>
  );
}
