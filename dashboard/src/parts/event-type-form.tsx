import type { EventType, UpdateEventTypeBody } from "@posthorn/client/operations";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../session.ts";
import type { ApiCall } from "../text/curl.ts";
import { WORDS_OF_SCHEMAS } from "../text/words-of-schemas.ts";
import { Curl } from "./command.tsx";
import { Failure } from "./failure.tsx";
import { Field } from "./field.tsx";
import { JsonField, jsonProblem } from "./json-field.tsx";
import { whenSubmitted } from "./when-submitted.ts";

interface EventTypeFormProps {
  readonly tenant: string;
  /** What is changed. Default: a new one is registered. */
  readonly type?: EventType;
  /** Is told the name where it was saved. */
  readonly onClose: (name?: string) => void;
}

interface Draft {
  readonly name: string;
  readonly description: string;
  readonly schema: string;
  readonly example: string;
  readonly validation: "" | EventType["validation"];
  readonly deprecated: boolean;
  readonly successor: string;
}

/** Registers a type, or changes one that is registered. */
export function EventTypeForm({ tenant, type, onClose }: EventTypeFormProps) {
  const [draft, setDraft] = useState(() => draftOf(type));
  const queries = useQueryClient();
  const isJson = [draft.schema, draft.example].every((text) => jsonProblem(text, true) === undefined);
  const isSendable = draft.name !== "" && isJson;
  const save = useMutation({
    mutationFn: async () => {
      return type === undefined
        ? await api.registerEventType(tenant, { name: draft.name, ...changesIn(draft) })
        : await api.updateEventType(tenant, type.name, changesIn(draft, type));
    },
    onSuccess: async ({ name }) => {
      await queries.invalidateQueries();
      onClose(name);
    },
  });
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  return (
    <form
      aria-label={type === undefined ? "Register a type" : `Change ${type.name}`}
      onSubmit={whenSubmitted(() => save.mutate())}
      className="panel mb-5 space-y-4 p-4"
    >
      <Words draft={draft} change={change} isNew={type === undefined} />
      <Rules draft={draft} change={change} />
      {isSendable && <Curl call={callOf(tenant, draft, type)} />}
      {save.isError && <Failure error={save.error} />}
      <div className="flex justify-end gap-2">
        <button type="button" className="button" onClick={() => onClose()}>
          Back
        </button>
        <button type="submit" className="button button-main" disabled={!isSendable || save.isPending}>
          {save.isPending ? "Saving…" : type === undefined ? "Register" : "Save"}
        </button>
      </div>
    </form>
  );
}

function callOf(tenant: string, draft: Draft, type: EventType | undefined): ApiCall {
  const path = `/v1/tenants/${tenant}/event-types`;
  return type === undefined
    ? { method: "POST", path, body: { name: draft.name, ...changesIn(draft) } }
    : { method: "PATCH", path: `${path}/${encodeURIComponent(type.name)}`, body: changesIn(draft, type) };
}

interface PartProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
}

function Words({ draft, change, isNew }: PartProps & { readonly isNew: boolean }) {
  const given = { draft, change };
  return (
    <>
      {isNew && (
        <TextField
          label="Name"
          hint="As events have it in `type`, such as invoice.paid."
          name="name"
          {...given}
        />
      )}
      <TextField
        label="Description"
        hint="What such an event says, for people."
        name="description"
        {...given}
      />
      <div className="grid gap-4 lg:grid-cols-2">
        <JsonField
          label="JSON Schema"
          hint="2020-12, of the event's data. Empty: any data fits."
          rows={10}
          isOptional
          value={draft.schema}
          schema={WORDS_OF_SCHEMAS}
          onChange={(schema) => change({ schema })}
        />
        <JsonField
          label="Example"
          hint="Data that fits the schema. Empty: none."
          rows={10}
          isOptional
          value={draft.example}
          schema={jsonProblem(draft.schema) === undefined ? parsed(draft.schema) : undefined}
          onChange={(example) => change({ example })}
        />
      </div>
    </>
  );
}

interface TextFieldProps extends PartProps {
  readonly label: string;
  readonly hint: string;
  readonly name: "name" | "description" | "successor";
}

function TextField({ label, hint, name, draft, change }: TextFieldProps) {
  return (
    <Field label={label} hint={hint}>
      {(given) => (
        <input
          {...given}
          className="input"
          required={name === "name"}
          maxLength={name === "description" ? undefined : 128}
          value={draft[name]}
          onChange={({ target }) => change({ [name]: target.value })}
        />
      )}
    </Field>
  );
}

function Rules({ draft, change }: PartProps) {
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Field label="Events that do not fit" hint="Said of what is accepted from then on.">
        {(given) => (
          <select
            {...given}
            className="input"
            value={draft.validation}
            onChange={({ target }) => change({ validation: validationIn(target.value) })}
          >
            <option value="">as usual: refused where there is a schema of your own</option>
            <option value="reject">are refused</option>
            <option value="warn">are taken, with a warning</option>
            <option value="off">are not looked for</option>
          </select>
        )}
      </Field>
      <div className="space-y-2">
        <label className="flex items-center gap-2 font-medium">
          <input
            type="checkbox"
            checked={draft.deprecated}
            onChange={({ target }) => change({ deprecated: target.checked })}
          />
          Deprecated
        </label>
        {draft.deprecated && (
          <TextField
            label="Successor"
            hint="The type to use instead. May be empty."
            name="successor"
            {...{ draft, change }}
          />
        )}
      </div>
    </div>
  );
}

function validationIn(value: string): Draft["validation"] {
  return value === "reject" || value === "warn" || value === "off" ? value : "";
}

function draftOf(type: EventType | undefined): Draft {
  return {
    name: type?.name ?? "",
    description: type?.description ?? "",
    schema: textOf(type?.schema),
    example: textOf(type?.example),
    validation: type?.validation ?? "",
    deprecated: type?.deprecated ?? false,
    successor: type?.successor ?? "",
  };
}

function textOf(value: unknown): string {
  return value === undefined || value === null ? "" : JSON.stringify(value, undefined, 2);
}

/** What is to be sent: what is as it was may come from the catalogue, and stays there. */
function changesIn(draft: Draft, type?: EventType): UpdateEventTypeBody {
  const before = Object.entries(bodyOf(draftOf(type)));
  const kept = new Map(before.map(([name, value]) => [name, JSON.stringify(value)]));
  return Object.fromEntries(
    Object.entries(bodyOf(draft)).filter(([name, value]) => kept.get(name) !== JSON.stringify(value)),
  );
}

function bodyOf({
  description,
  schema,
  example,
  validation,
  deprecated,
  successor,
}: Draft): UpdateEventTypeBody {
  return {
    description: description === "" ? null : description,
    schema: parsed(schema),
    example: parsed(example),
    validation: validation === "" ? null : validation,
    deprecated,
    successor: deprecated && successor !== "" ? successor : null,
  };
}

/** Reads JSON, and nothing as null; what is no JSON yet as a text, which nobody sends. */
function parsed(text: string): unknown {
  return text.trim() === "" ? null : jsonProblem(text) === undefined ? JSON.parse(text) : text;
}
