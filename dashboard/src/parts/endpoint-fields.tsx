import { delaysProblem, type EndpointDraft, type FieldDraft } from "../text/endpoint-draft.ts";
import { Field } from "./field.tsx";
import { problemIn } from "./problem-at.ts";

interface FieldOfForm {
  readonly name: keyof FieldDraft;
  /** In the API, which says by it what is wrong. */
  readonly pointer: string;
  readonly label: string;
  readonly hint: string;
  /** Default: any text may be written. */
  readonly form?: { readonly pattern: string; readonly inputMode: "numeric" | "decimal" };
  /** What it may be, by the texts that say it. Default: what is written. */
  readonly choices?: readonly (readonly [value: string, text: string])[];
}

const WHOLE = { pattern: "[0-9]*", inputMode: "numeric" } as const;
const DECIMAL = { pattern: "[0-9]+(\\.[0-9]+)?", inputMode: "decimal" } as const;
const BY_CONTRACT = "Empty: as the contract says.";

const FIELDS: readonly FieldOfForm[] = [
  { name: "url", pointer: "/url", label: "URL", hint: "Where its requests go." },
  {
    name: "types",
    pointer: "/event_types",
    label: "Event types",
    hint: "Names or globs, between commas. Empty: every type.",
  },
  { name: "description", pointer: "/description", label: "Description", hint: "For people." },
  {
    name: "inFlight",
    pointer: "/max_in_flight",
    label: "Requests at a time",
    hint: BY_CONTRACT,
    form: WHOLE,
  },
  {
    name: "rate",
    pointer: "/rate_per_second",
    label: "Requests in a second",
    hint: "0.5 is one in two seconds. Empty: any number.",
    form: DECIMAL,
  },
  {
    name: "timeout",
    pointer: "/timeout_ms",
    label: "Milliseconds to answer in",
    hint: BY_CONTRACT,
    form: WHOLE,
  },
  {
    name: "delays",
    pointer: "/retry/delays_ms",
    label: "Tried again after",
    hint: `Since the attempt before, such as 5s, 5m, 1h30m; then it is dead. none: never. ${BY_CONTRACT}`,
  },
  {
    name: "jitter",
    pointer: "/retry/jitter",
    label: "By chance earlier or later",
    hint: "By this part of each of these delays, at most: 0.2 is a fifth.",
    form: DECIMAL,
  },
  {
    name: "latestOnlyBy",
    pointer: "/latest_only_by",
    label: "What waits",
    hint: "Where events say how something is, an older one that waits can be left out.",
    choices: [
      ["", "all of it is sent"],
      ["subject", "only the newest of each subject is sent"],
      ["type_and_subject", "only the newest of each type and subject is sent"],
    ],
  },
];

interface EndpointFieldsProps {
  readonly draft: EndpointDraft;
  /** Of the last call that sent it. */
  readonly error: unknown;
  readonly onChange: (field: keyof FieldDraft, text: string) => void;
}

/** What of an endpoint is one text or number each, or a choice. */
export function EndpointFields({ draft, error, onChange }: EndpointFieldsProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {FIELDS.filter(({ name }) => name !== "jitter" || draft.delays.trim() !== "").map((field) => (
        <Field
          key={field.name}
          label={field.label}
          hint={field.hint}
          problem={problemOf(field, draft, error)}
        >
          {(given) => {
            const all = { ...given, className: "input", value: draft[field.name] };
            const change = ({ target }: { readonly target: { readonly value: string } }) =>
              onChange(field.name, target.value);
            return field.choices === undefined ? (
              <input {...all} {...field.form} required={field.name === "url"} onChange={change} />
            ) : (
              <select {...all} onChange={change}>
                {field.choices.map(([value, text]) => (
                  <option key={value} value={value}>
                    {text}
                  </option>
                ))}
              </select>
            );
          }}
        </Field>
      ))}
    </div>
  );
}

function problemOf(
  { name, pointer }: FieldOfForm,
  { delays }: FieldDraft,
  error: unknown,
): string | undefined {
  return (name === "delays" ? delaysProblem(delays) : undefined) ?? problemIn(error, pointer);
}
