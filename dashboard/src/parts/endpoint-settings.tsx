import type { EndpointStatus } from "@posthorn/client/operations";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../session.ts";
import { changesIn, draftOf, type EndpointDraft, isReadable } from "../text/endpoint-draft.ts";
import { Action } from "./action.tsx";
import { Curl } from "./command.tsx";
import { EndpointFields } from "./endpoint-fields.tsx";
import { Failure } from "./failure.tsx";
import { HEADERS, headersSaid, METADATA, NameRows, NamesRead } from "./name-rows.tsx";
import { useMay } from "./permission.ts";
import { useDraft } from "./use-draft.ts";
import { Warnings } from "./warnings.tsx";
import { whenSubmitted } from "./when-submitted.ts";

interface EndpointSettingsProps {
  readonly tenant: string;
  readonly endpoint: EndpointStatus;
}

/** What can be changed of an endpoint; its contract cannot. Only what was changed is sent. */
export function EndpointSettings({ tenant, endpoint }: EndpointSettingsProps) {
  const { draft, was, setDraft, goOn } = useDraft(draftOf(endpoint));
  const [areShown, setShown] = useState(false);
  const queries = useQueryClient();
  const body = changesIn(draft, was);
  const said = body.headers === undefined ? body : { ...body, headers: headersSaid(draft.headers, areShown) };
  const isSendable = Object.keys(body).length > 0 && isReadable(draft);
  const path = `/v1/tenants/${tenant}/endpoints/${endpoint.id}`;
  const maySave = useMay({ method: "PATCH", path });
  const save = useMutation({
    mutationFn: async (sent: EndpointDraft) =>
      await api.updateEndpoint(tenant, endpoint.id, changesIn(sent, was)),
    onSuccess: async (saved, sent) => {
      await queries.invalidateQueries();
      goOn(draftOf(saved), sent);
    },
  });
  return (
    <form
      aria-label="Settings"
      onSubmit={whenSubmitted(() => isSendable && save.mutate(draft))}
      className="panel p-4"
    >
      <EndpointFields
        draft={draft}
        error={save.error}
        onChange={(field, text) => setDraft({ ...draft, [field]: text })}
      />
      <div className="mt-4 grid gap-4 xl:grid-cols-2">
        {[HEADERS, METADATA].map((of) =>
          maySave ? (
            <NameRows
              key={of.member}
              of={of}
              rows={draft[of.member]}
              error={save.error}
              shown={of === HEADERS ? { areShown, onShow: setShown } : undefined}
              onChange={(rows) => setDraft({ ...draft, [of.member]: rows })}
            />
          ) : (
            <NamesRead key={of.member} of={of} rows={draft[of.member]} />
          ),
        )}
      </div>
      {isSendable && <Curl call={{ method: "PATCH", path, body: said }} />}
      {save.isError && <Failure error={save.error} isOfAction />}
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
