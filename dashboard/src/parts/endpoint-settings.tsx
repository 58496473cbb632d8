import type { EndpointStatus, UpdateEndpointBody } from "@posthorn/client/operations";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../session.ts";
import { Action } from "./action.tsx";
import { Curl } from "./command.tsx";
import { Failure } from "./failure.tsx";
import { Field } from "./field.tsx";
import { useMay } from "./permission.ts";
import { whenSubmitted } from "./when-submitted.ts";

interface EndpointSettingsProps {
  readonly tenant: string;
  readonly endpoint: EndpointStatus;
}

interface Draft {
  readonly url: string;
  readonly types: string;
  readonly description: string;
  readonly inFlight: string;
  readonly rate: string;
  readonly timeout: string;
}

const FIELDS: readonly (readonly [keyof Draft, string, string])[] = [
  ["url", "URL", "Where its requests go."],
  ["types", "Event types", "Names or globs, between commas. Empty: every type."],
  ["description", "Description", "For people."],
  ["inFlight", "Requests at a time", "Empty: as the contract says."],
  ["rate", "Requests in a second", "Empty: any number."],
  ["timeout", "Milliseconds to answer in", "Empty: as the contract says."],
];

/** What can be changed of an endpoint; its contract cannot. Only what was changed is sent. */
export function EndpointSettings({ tenant, endpoint }: EndpointSettingsProps) {
  const [draft, setDraft] = useState(() => draftOf(endpoint));
  const queries = useQueryClient();
  const body = changesIn(draft, draftOf(endpoint));
  const path = `/v1/tenants/${tenant}/endpoints/${endpoint.id}`;
  const maySave = useMay({ method: "PATCH", path });
  const save = useMutation({
    mutationFn: async () => await api.updateEndpoint(tenant, endpoint.id, body),
    onSuccess: async () => await queries.invalidateQueries(),
  });
  return (
    <form onSubmit={whenSubmitted(() => save.mutate())} className="panel p-4">
      <div className="grid gap-4 sm:grid-cols-2">
        {FIELDS.map(([name, label, hint]) => (
          <Field key={name} label={label} hint={hint}>
            {(given) => (
              <input
                {...given}
                className="input"
                inputMode={isNumber(name) ? "numeric" : undefined}
                pattern={isNumber(name) ? "[0-9]*" : undefined}
                required={name === "url"}
                value={draft[name]}
                onChange={({ target }) => setDraft({ ...draft, [name]: target.value })}
              />
            )}
          </Field>
        ))}
      </div>
      {Object.keys(body).length > 0 && <Curl call={{ method: "PATCH", path, body }} />}
      {save.isError && <Failure error={save.error} />}
      <div className="mt-4 flex flex-wrap gap-2">
        {maySave && (
          <button
            type="submit"
            className="button button-main"
            disabled={Object.keys(body).length === 0 || save.isPending}
          >
            Save
          </button>
        )}
        <Endings tenant={tenant} endpoint={endpoint} />
      </div>
    </form>
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

function isNumber(name: keyof Draft): boolean {
  return name === "inFlight" || name === "rate" || name === "timeout";
}

function draftOf(endpoint: EndpointStatus): Draft {
  const { url, event_types, description, max_in_flight, rate_per_second, timeout_ms } = endpoint;
  return {
    url,
    types: event_types?.join(", ") ?? "",
    description: description ?? "",
    inFlight: String(max_in_flight ?? ""),
    rate: String(rate_per_second ?? ""),
    timeout: String(timeout_ms ?? ""),
  };
}

function changesIn(draft: Draft, was: Draft): UpdateEndpointBody {
  const isChanged = (name: keyof Draft) => draft[name] !== was[name];
  const number = (text: string) => (text === "" ? null : Number(text));
  const types = draft.types.split(",").flatMap((type) => (type.trim() === "" ? [] : [type.trim()]));
  return {
    ...(isChanged("url") ? { url: draft.url } : {}),
    ...(isChanged("types") ? { event_types: types.length === 0 ? null : types } : {}),
    ...(isChanged("description") ? { description: draft.description === "" ? null : draft.description } : {}),
    ...(isChanged("inFlight") ? { max_in_flight: number(draft.inFlight) } : {}),
    ...(isChanged("rate") ? { rate_per_second: number(draft.rate) } : {}),
    ...(isChanged("timeout") ? { timeout_ms: number(draft.timeout) } : {}),
  };
}
