import type { Endpoint, EndpointStatus, UpdateEndpointBody } from "@posthorn/client/operations";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../session.ts";
import { Curl } from "./command.tsx";
import { Failure } from "./failure.tsx";
import { JsonField, jsonProblem } from "./json-field.tsx";
import { useMay } from "./permission.ts";
import { useContracts } from "./use-contracts.ts";
import { useDraft } from "./use-draft.ts";
import { whenSubmitted } from "./when-submitted.ts";

interface EndpointJsonProps {
  readonly tenant: string;
  readonly endpoint: EndpointStatus;
}

/** What of an endpoint is objects: changed as JSON, in editors that are loaded when it is opened. */
export function EndpointJson(props: EndpointJsonProps) {
  const [isOpen, setOpen] = useState(false);
  const may = useMay({ method: "PATCH", path: pathOf(props) });
  if (!may) {
    return null;
  }
  return (
    <details className="mt-4" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="text-muted">Metadata, retries and the contract&apos;s settings, as JSON</summary>
      {isOpen && <EndpointJsonForm {...props} />}
    </details>
  );
}

function pathOf({ tenant, endpoint: { id } }: EndpointJsonProps): string {
  return `/v1/tenants/${tenant}/endpoints/${id}`;
}

type Member = "metadata" | "retry" | "settings";

const MEMBERS: readonly (readonly [Member, string, string])[] = [
  ["metadata", "Metadata", "Of your own, kept and shown: texts by names. Empty: none."],
  ["retry", "Retries", "When it is tried again. Empty: as the contract says."],
  ["settings", "Settings of the contract", "The contract's own. Empty: as it is without any."],
];

const TEXTS = { type: "object", additionalProperties: { type: "string" } } as const;
const RETRY = {
  type: "object",
  required: ["delays_ms"],
  properties: {
    delays_ms: {
      type: "array",
      items: { type: "integer" },
      description: "Before each further attempt, since the one before; after the last it is dead.",
    },
    jitter: {
      type: "number",
      description: "So much of each delay, at most, is added or taken away by chance: 0.2 is a fifth.",
    },
  },
} as const;

function EndpointJsonForm(props: EndpointJsonProps) {
  const { tenant, endpoint } = props;
  const contracts = useContracts();
  const queries = useQueryClient();
  const { draft, was, setDraft, goOn } = useDraft(draftOf(endpoint));
  const ofContract = contracts.data?.find(({ name }) => name === endpoint.contract)?.settings_schema;
  const schemas: Readonly<Record<Member, unknown>> = { metadata: TEXTS, retry: RETRY, settings: ofContract };
  const isJson = MEMBERS.every(([name]) => jsonProblem(draft[name], true) === undefined);
  const body = isJson ? changesIn(draft, was) : {};
  const isChanged = Object.keys(body).length > 0;
  const save = useMutation({
    mutationFn: async (sent: Draft) => await api.updateEndpoint(tenant, endpoint.id, changesIn(sent, was)),
    onSuccess: async (saved, sent) => {
      await queries.invalidateQueries();
      goOn(draftOf(saved), sent);
    },
  });
  return (
    <form
      aria-label="Metadata, retries and settings"
      onSubmit={whenSubmitted(() => save.mutate(draft))}
      className="panel mt-2 space-y-4 p-4"
    >
      <div className="grid gap-4 lg:grid-cols-3">
        {MEMBERS.map(([name, label, hint]) => (
          <JsonField
            key={name}
            label={label}
            hint={hint}
            rows={6}
            isOptional
            value={draft[name]}
            schema={schemas[name] ?? undefined}
            onChange={(text) => setDraft({ ...draft, [name]: text })}
          />
        ))}
      </div>
      {isChanged && <Curl call={{ method: "PATCH", path: pathOf(props), body }} />}
      {save.isError && <Failure error={save.error} />}
      <button type="submit" className="button button-main" disabled={!isChanged || save.isPending}>
        Save
      </button>
    </form>
  );
}

type Draft = Readonly<Record<Member, string>>;

function draftOf(endpoint: Endpoint): Draft {
  return {
    metadata: textOf(endpoint.metadata),
    retry: textOf(endpoint.retry),
    settings: textOf(endpoint.settings),
  };
}

function textOf(value: unknown): string {
  const isNothing = value === null || value === undefined || JSON.stringify(value) === "{}";
  return isNothing ? "" : JSON.stringify(value, undefined, 2);
}

/** What is to be sent: what says the same as before is not. */
function changesIn(draft: Draft, was: Draft): UpdateEndpointBody {
  const changed = MEMBERS.flatMap(([name]) => {
    const [now, before] = [parsed(draft[name]), parsed(was[name])];
    return JSON.stringify(now) === JSON.stringify(before) ? [] : [[name, now] as const];
  });
  return Object.fromEntries(changed);
}

function parsed(text: string): unknown {
  return text.trim() === "" ? null : JSON.parse(text);
}
