import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { Curl } from "../parts/command.tsx";
import { EventDeliveries } from "../parts/event-deliveries.tsx";
import { Failure } from "../parts/failure.tsx";
import { Field } from "../parts/field.tsx";
import { JsonField, jsonProblem } from "../parts/json-field.tsx";
import { JsonForm } from "../parts/json-form.tsx";
import { Loading, Page } from "../parts/page.tsx";
import { TestReceiverPanel } from "../parts/test-receiver.tsx";
import { TypeField } from "../parts/type-field.tsx";
import { type SampleType, useSampleTypes } from "../parts/use-event-types.ts";
import { whenSubmitted } from "../parts/when-submitted.ts";
import { sendEventText } from "../session.ts";
import { eventText } from "../text/json-text.ts";

export function PlaygroundScreen() {
  const { tenant } = useParams({ from: "/t/$tenant/playground" });
  const { type = "" } = useSearch({ from: "/t/$tenant/playground" });
  const { all, isPending, failed } = useSampleTypes(tenant);
  const known = all.find(({ name }) => name === type);
  return (
    <Page title="Playground" about="Send an event of any type, and watch what becomes of it.">
      {failed !== undefined && <Failure error={failed.error} onRetry={() => void failed.refetch()} />}
      {isPending ? <Loading /> : <Sender tenant={tenant} type={type} known={known} all={all} />}
    </Page>
  );
}

interface SenderProps {
  readonly tenant: string;
  readonly type: string;
  readonly known: SampleType | undefined;
  readonly all: readonly SampleType[];
}

function Sender({ tenant, type, known, all }: SenderProps) {
  const navigate = useNavigate({ from: "/t/$tenant/playground" });
  const [data, setData] = useState<string>();
  const [subject, setSubject] = useState("");
  // The example of the type, until somebody writes something else.
  const text = data ?? JSON.stringify(known?.example ?? { id: 42 }, undefined, 2);
  const isJson = jsonProblem(text) === undefined;
  const bodyText = eventText({ type, ...(subject === "" ? {} : { subject }) }, text);
  // What was not answered may have been stored: sent again as it stands, it is the same event.
  const unanswered = useRef<{ readonly text: string; readonly key: string }>(undefined);
  const send = useMutation({
    mutationFn: async () => {
      const { key } = unanswered.current?.text === bodyText ? unanswered.current : { key: newKey() };
      unanswered.current = { text: bodyText, key };
      const event = await sendEventText(tenant, bodyText, key);
      unanswered.current = undefined;
      return event;
    },
  });
  return (
    <div className="grid gap-6 lg:grid-cols-[minmax(0,26rem)_minmax(0,1fr)] lg:grid-rows-[auto_1fr]">
      <form onSubmit={whenSubmitted(() => send.mutate())} className="panel space-y-4 p-5">
        <TypeField
          type={type}
          known={known}
          all={all}
          onChange={(name) => void navigate({ search: { type: name }, replace: true })}
        />
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
        <DataField text={text} isJson={isJson} schema={known?.schema} onChange={setData} />
        {isJson && type !== "" && (
          <Curl call={{ method: "POST", path: `/v1/tenants/${tenant}/events`, bodyText }} />
        )}
        {send.isError && <Failure error={send.error} />}
        <button
          type="submit"
          className="button button-main"
          disabled={send.isPending || !isJson || type === ""}
        >
          {send.isPending ? "Sending…" : "Send event"}
        </button>
      </form>
      {/* Where there is one column, what became of an event stands below the button that sent it. */}
      <div className="min-w-0 lg:col-start-2 lg:row-span-2 lg:row-start-1">
        <Outcome tenant={tenant} event={send.data?.id} />
      </div>
      <div className="min-w-0">
        <TestReceiverPanel tenant={tenant} />
      </div>
    </div>
  );
}

/** For one event. A page that is not served by https has no `randomUUID`. */
function newKey(): string {
  return `playground-${crypto.getRandomValues(new BigUint64Array(2)).join("-")}`;
}

interface DataFieldProps {
  readonly text: string;
  readonly isJson: boolean;
  /** Of the type's data, where it is known. */
  readonly schema: unknown;
  readonly onChange: (text: string) => void;
}

function DataField({ text, isJson, schema, onChange }: DataFieldProps) {
  const [isForm, setForm] = useState(false);
  return (
    <div className="space-y-2">
      {isForm && isJson ? (
        <JsonForm value={text} onChange={onChange} />
      ) : (
        <JsonField
          label="Data"
          hint="Sent as it stands here, to the last digit."
          rows={12}
          value={text}
          schema={schema ?? undefined}
          onChange={onChange}
        />
      )}
      <button
        type="button"
        className="button"
        disabled={!isJson}
        aria-pressed={isForm}
        onClick={() => setForm(!isForm)}
      >
        Fill in a form
      </button>
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
