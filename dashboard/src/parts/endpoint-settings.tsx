import type { EndpointStatus, UpdateEndpointBody } from "@posthorn/client/operations";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../session.ts";
import { changesIn, draftOf, type FieldDraft } from "../text/endpoint-draft.ts";
import { areSendable } from "../text/name-rows.ts";
import { Action } from "./action.tsx";
import { Curl } from "./command.tsx";
import { Failure } from "./failure.tsx";
import { Field } from "./field.tsx";
import { HeaderNames, HeaderRows, headersSaid } from "./header-rows.tsx";
import { useMay } from "./permission.ts";
import { problemIn } from "./problem-at.ts";
import { useDraft } from "./use-draft.ts";
import { Warnings } from "./warnings.tsx";
import { whenSubmitted } from "./when-submitted.ts";

interface EndpointSettingsProps {
  readonly tenant: string;
  readonly endpoint: EndpointStatus;
}

interface FieldOfForm {
  readonly name: keyof FieldDraft;
  /** In the API, which says what is wrong with it. */
  readonly member: keyof UpdateEndpointBody;
  readonly label: string;
  readonly hint: string;
}

const FIELDS: readonly FieldOfForm[] = [
  { name: "url", member: "url", label: "URL", hint: "Where its requests go." },
  {
    name: "types",
    member: "event_types",
    label: "Event types",
    hint: "Names or globs, between commas. Empty: every type.",
  },
  { name: "description", member: "description", label: "Description", hint: "For people." },
  {
    name: "inFlight",
    member: "max_in_flight",
    label: "Requests at a time",
    hint: "Empty: as the contract says.",
  },
  { name: "rate", member: "rate_per_second", label: "Requests in a second", hint: "Empty: any number." },
  {
    name: "timeout",
    member: "timeout_ms",
    label: "Milliseconds to answer in",
    hint: "Empty: as the contract says.",
  },
];

/** What can be changed of an endpoint; its contract cannot. Only what was changed is sent. */
export function EndpointSettings({ tenant, endpoint }: EndpointSettingsProps) {
  const { draft, was, setDraft, restart } = useDraft(draftOf(endpoint));
  const [areShown, setShown] = useState(false);
  const queries = useQueryClient();
  const body = changesIn(draft, was);
  const said = body.headers === undefined ? body : { ...body, headers: headersSaid(draft.headers, areShown) };
  const isSendable = Object.keys(body).length > 0 && areSendable(draft.headers);
  const path = `/v1/tenants/${tenant}/endpoints/${endpoint.id}`;
  const maySave = useMay({ method: "PATCH", path });
  const save = useMutation({
    mutationFn: async () => await api.updateEndpoint(tenant, endpoint.id, body),
    onSuccess: async (saved) => {
      await queries.invalidateQueries();
      restart(draftOf(saved));
    },
  });
  return (
    <form
      aria-label="Settings"
      onSubmit={whenSubmitted(() => isSendable && save.mutate())}
      className="panel p-4"
    >
      <div className="mb-4 grid gap-4 sm:grid-cols-2">
        {FIELDS.map((field) => (
          <TextField
            key={field.name}
            field={field}
            value={draft[field.name]}
            problem={problemIn(save.error, `/${field.member}`)}
            onChange={(text) => setDraft({ ...draft, [field.name]: text })}
          />
        ))}
      </div>
      {maySave ? (
        <HeaderRows
          rows={draft.headers}
          error={save.error}
          areShown={areShown}
          onChange={(headers) => setDraft({ ...draft, headers })}
          onShow={setShown}
        />
      ) : (
        <HeaderNames names={draft.headers.map(({ name }) => name)} />
      )}
      {isSendable && <Curl call={{ method: "PATCH", path, body: said }} />}
      {save.isError && <Failure error={save.error} />}
      {save.isSuccess && <Warnings warnings={save.data.warnings} />}
      <div className="mt-4 flex flex-wrap gap-2">
        {maySave && (
          <button type="submit" className="button button-main" disabled={!isSendable || save.isPending}>
            Save
          </button>
        )}
        <Endings tenant={tenant} endpoint={endpoint} />
      </div>
    </form>
  );
}

interface TextFieldProps {
  readonly field: FieldOfForm;
  readonly value: string;
  readonly problem: string | undefined;
  readonly onChange: (text: string) => void;
}

function TextField({ field: { name, label, hint }, value, problem, onChange }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(given) => (
        <input
          {...given}
          className="input"
          inputMode={isNumber(name) ? "numeric" : undefined}
          pattern={isNumber(name) ? "[0-9]*" : undefined}
          required={name === "url"}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}

function Endings({ tenant, endpoint: { id, state } }: EndpointSettingsProps) {
  const navigate = useNavigate();
  const path = `/v1/tenants/${tenant}/endpoints/${id}`;
  return (
    <>
      <Action
        isOffered={state !== "disabled"}
        label="Disable"
        kind="bad"
        about={
          <p>What waits is given up and counted as missed; nothing more is owed to it until it is enabled.</p>
        }
        call={{ method: "POST", path: `${path}/disable` }}
        run={async () => await api.disableEndpoint(tenant, id)}
      />
      <Action
        label="Delete"
        kind="bad"
        about={<p>The endpoint is gone for good, and what waits for it is not delivered.</p>}
        call={{ method: "DELETE", path }}
        run={async () => {
          await api.deleteEndpoint(tenant, id);
          await navigate({ to: "/t/$tenant/endpoints", params: { tenant } });
        }}
      />
    </>
  );
}

function isNumber(name: keyof FieldDraft): boolean {
  return name === "inFlight" || name === "rate" || name === "timeout";
}
