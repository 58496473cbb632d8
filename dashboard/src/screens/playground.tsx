import type { EventType } from "@posthorn/client/operations";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useId, useState } from "react";
import { Curl } from "../parts/command.tsx";
import { EventDeliveries } from "../parts/event-deliveries.tsx";
import { Failure } from "../parts/failure.tsx";
import { Field } from "../parts/field.tsx";
import { Page } from "../parts/page.tsx";
import { whenSubmitted } from "../parts/when-submitted.ts";
import { api, sendEventText } from "../session.ts";
import { type JsonFault, jsonFault } from "../text/json-fault.ts";
import { eventText } from "../text/json-text.ts";

export function PlaygroundScreen() {
  const { tenant } = useParams({ from: "/t/$tenant/playground" });
  const { type = "" } = useSearch({ from: "/t/$tenant/playground" });
  const types = useQuery({
    queryKey: ["event-types", tenant],
    queryFn: async () => await api.listEventTypes(tenant, { limit: 100 }).page(),
    staleTime: 60_000,
  });
  const known = types.data?.data.find(({ name }) => name === type);
  return (
    <Page title="Playground" about="Send an event of any type, and watch what becomes of it.">
      {types.isError && <Failure error={types.error} onRetry={() => void types.refetch()} />}
      <Sender tenant={tenant} type={type} known={known} all={types.data?.data ?? []} />
    </Page>
  );
}

interface SenderProps {
  readonly tenant: string;
  readonly type: string;
  readonly known: EventType | undefined;
  readonly all: readonly EventType[];
}

function Sender({ tenant, type, known, all }: SenderProps) {
  const [data, setData] = useState<string>();
  const [subject, setSubject] = useState("");
  // The example of the type, until somebody writes something else.
  const text = data ?? JSON.stringify(known?.example ?? { id: 42 }, undefined, 2);
  const fault = jsonFault(text);
  const bodyText = eventText({ type, ...(subject === "" ? {} : { subject }) }, text);
  const send = useMutation({ mutationFn: async () => await sendEventText(tenant, bodyText) });
  return (
    <div className="grid gap-6 lg:grid-cols-[minmax(0,26rem)_minmax(0,1fr)]">
      <form onSubmit={whenSubmitted(() => send.mutate())} className="panel space-y-4 self-start p-5">
        <TypeField type={type} known={known} all={all} />
        <Field label="Subject" hint="What it happened to. May be empty.">
          {(given) => (
            <input
              {...given}
              className="input font-mono"
              value={subject}
              onChange={({ target }) => setSubject(target.value)}
            />
          )}
        </Field>
        <Field
          label="Data"
          hint="Sent as it stands here, to the last digit."
          problem={fault === undefined ? undefined : notJson(fault)}
        >
          {(given) => (
            <textarea
              {...given}
              className="input font-mono text-[12px]"
              rows={12}
              spellCheck={false}
              value={text}
              onChange={({ target }) => setData(target.value)}
            />
          )}
        </Field>
        {fault === undefined && type !== "" && (
          <Curl call={{ method: "POST", path: `/v1/tenants/${tenant}/events`, bodyText }} />
        )}
        {send.isError && <Failure error={send.error} />}
        <button
          type="submit"
          className="button button-main"
          disabled={send.isPending || fault !== undefined || type === ""}
        >
          {send.isPending ? "Sending…" : "Send event"}
        </button>
      </form>
      <Outcome tenant={tenant} event={send.data?.id} />
    </div>
  );
}

function Outcome({ tenant, event }: { readonly tenant: string; readonly event: string | undefined }) {
  if (event === undefined) {
    return (
      <p className="px-1 py-6 text-muted">
        What you send appears here, with each delivery as it happens. It is a real event: it goes to every
        endpoint that subscribes to its type.
      </p>
    );
  }
  return (
    <section aria-label="What became of it">
      <p className="mb-3">
        Accepted as{" "}
        <Link
          to="/t/$tenant/events/$event"
          params={{ tenant, event }}
          className="link font-mono text-[12px] break-all"
        >
          {event}
        </Link>
      </p>
      <EventDeliveries tenant={tenant} event={event} />
    </section>
  );
}

function TypeField({ type, known, all }: Omit<SenderProps, "tenant">) {
  const navigate = useNavigate({ from: "/t/$tenant/playground" });
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
            onChange={({ target }) => void navigate({ search: { type: target.value }, replace: true })}
          />
          <datalist id={list}>
            {all.map(({ name }) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

function notJson({ line, column, expected }: JsonFault): string {
  return `This is not JSON: line ${line}, column ${column} must have ${expected}.`;
}
