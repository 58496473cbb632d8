import type { CreateEndpointBody, NewEndpoint } from "@posthorn/client/operations";
import { useMutation } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Command, Curl } from "../parts/command.tsx";
import { Failure } from "../parts/failure.tsx";
import { Field } from "../parts/field.tsx";
import { HEADERS, NameRows } from "../parts/name-rows.tsx";
import { Loading, Page } from "../parts/page.tsx";
import { useMay } from "../parts/permission.ts";
import { problemIn } from "../parts/problem-at.ts";
import { TestOutcome } from "../parts/test-outcome.tsx";
import { useContracts } from "../parts/use-contracts.ts";
import { VerifySnippet } from "../parts/verify-snippet.tsx";
import { Warnings } from "../parts/warnings.tsx";
import { whenSubmitted } from "../parts/when-submitted.ts";
import { isPortal } from "../place.ts";
import { api } from "../session.ts";
import { typesIn } from "../text/endpoint-draft.ts";
import { areSendable, type NameRow, textsOf, trimmed } from "../text/name-rows.ts";

export function NewEndpointScreen() {
  const { tenant } = useParams({ from: "/t/$tenant/endpoints/new" });
  const [draft, setDraft] = useState<Draft>(NOTHING);
  const body = bodyOf(draft);
  const create = useMutation({ mutationFn: async () => await api.createEndpoint(tenant, body) });
  if (create.isSuccess) {
    return <Created tenant={tenant} endpoint={create.data} />;
  }
  const isSendable = areSendable(trimmed(draft.headers));
  const change =
    (name: Exclude<keyof Draft, "headers">) => (event: { readonly target: { readonly value: string } }) =>
      setDraft({ ...draft, [name]: event.target.value });
  const problemOf = (pointer: string) => problemIn(create.error, pointer);
  return (
    <Page title="New endpoint" about="A receiver's URL, and what is sent to it in which contract.">
      <form
        onSubmit={whenSubmitted(() => isSendable && create.mutate())}
        className="panel max-w-2xl space-y-4 p-5"
      >
        <UrlField value={draft.url} onChange={change("url")} problem={problemOf("/url")} />
        <ContractField
          value={draft.contract}
          onChange={change("contract")}
          problem={problemOf("/contract")}
        />
        <Field
          label="Event types"
          hint="Names or globs such as invoice.*, between commas. Empty: every type."
          problem={problemOf("/event_types")}
        >
          {(given) => (
            <input {...given} className="input font-mono" value={draft.types} onChange={change("types")} />
          )}
        </Field>
        <Field label="Description" hint="For people." problem={problemOf("/description")}>
          {(given) => (
            <input {...given} className="input" value={draft.description} onChange={change("description")} />
          )}
        </Field>
        <NameRows
          of={HEADERS}
          rows={draft.headers}
          error={create.error}
          onChange={(headers) => setDraft({ ...draft, headers })}
        />
        <Curl call={{ method: "POST", path: `/v1/tenants/${tenant}/endpoints`, body }} />
        {create.isError && <Failure error={create.error} isOfAction />}
        <Ending tenant={tenant} isReady={isSendable && !create.isPending} />
      </form>
    </Page>
  );
}

function Ending({ tenant, isReady }: { readonly tenant: string; readonly isReady: boolean }) {
  return (
    <div className="flex justify-end gap-2">
      <Link to="/t/$tenant/endpoints" params={{ tenant }} activeOptions={{ exact: true }} className="button">
        Back
      </Link>
      <button type="submit" className="button button-main" disabled={!isReady}>
        Create endpoint
      </button>
    </div>
  );
}

interface FieldOfDraftProps {
  readonly value: string;
  readonly problem: string | undefined;
  readonly onChange: (event: { readonly target: { readonly value: string } }) => void;
}

function UrlField({ value, problem, onChange }: FieldOfDraftProps) {
  const hint = "https, in public; in development also http on this machine.";
  return (
    <Field label="URL" hint={hint} problem={problem}>
      {(given) => (
        <input
          {...given}
          className="input font-mono"
          type="url"
          required
          placeholder="https://receiver.example.com/hooks"
          value={value}
          onChange={onChange}
        />
      )}
    </Field>
  );
}

function ContractField({ value, problem, onChange }: FieldOfDraftProps) {
  const { data, isPending, isError, error, refetch } = useContracts();
  if (isPending) {
    return <Loading />;
  }
  if (isError) {
    return <Failure error={error} onRetry={() => void refetch()} />;
  }
  const chosen = data.find(({ name }) => name === value);
  const hint =
    chosen === undefined
      ? "How events are said, signed and judged. It is fixed once the endpoint is there."
      : DISCIPLINES[chosen.discipline];
  return (
    <Field label="Contract" hint={hint} problem={problem}>
      {(given) => (
        <select {...given} className="input" value={value} onChange={onChange}>
          <option value="">{isPortal ? "The usual one" : "The tenant's own"}</option>
          {data.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      )}
    </Field>
  );
}

const DISCIPLINES = {
  each: "Each event by itself: what fails is tried again on its own, and stops nothing.",
  batched: "Events in batches: a batch that fails is sent again as it was, and the next waits for it.",
  ordered: "In order: nothing overtakes. What fails for a while holds everything behind it.",
} as const;

interface Draft {
  readonly url: string;
  readonly contract: string;
  readonly types: string;
  readonly description: string;
  readonly headers: readonly NameRow[];
}

const NOTHING: Draft = { url: "", contract: "", types: "", description: "", headers: [] };

function bodyOf(draft: Draft): CreateEndpointBody {
  const types = typesIn(draft.types);
  const headers = textsOf(trimmed(draft.headers));
  return {
    url: draft.url,
    ...(draft.contract === "" ? {} : { contract: draft.contract }),
    ...(types.length === 0 ? {} : { event_types: types }),
    ...(draft.description === "" ? {} : { description: draft.description }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
  };
}

function Created({ tenant, endpoint }: { readonly tenant: string; readonly endpoint: NewEndpoint }) {
  const mayPlay = useMay({ method: "POST", path: `/v1/tenants/${tenant}/events` });
  return (
    <Page title="The endpoint is there" about={<code>{endpoint.url}</code>}>
      <div className="panel max-w-2xl space-y-4 p-5">
        <Warnings warnings={endpoint.warnings} />
        {endpoint.secret === null ? (
          <p>Its contract has no secret that both sides share.</p>
        ) : (
          <>
            <p>
              Give the receiver this secret, by which it knows that a request is ours. It is shown this once;
              another is made by rotating it.
            </p>
            <Command text={endpoint.secret} label="secret" />
          </>
        )}
        <VerifySnippet contract={endpoint.contract} />
        <TestOutcome tenant={tenant} endpoint={endpoint.id} />
        <div className="flex flex-wrap gap-2">
          {mayPlay && (
            <Link to="/t/$tenant/playground" params={{ tenant }} search={{}} className="button button-main">
              Send it an event
            </Link>
          )}
          <Link
            to="/t/$tenant/endpoints/$endpoint"
            params={{ tenant, endpoint: endpoint.id }}
            className="button"
          >
            See the endpoint
          </Link>
        </div>
      </div>
    </Page>
  );
}
