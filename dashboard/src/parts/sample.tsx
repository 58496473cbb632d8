import type { Contract, SampleRenderings } from "@posthorn/client/operations";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { renderSampleText } from "../session.ts";
import { eventText } from "../text/json-text.ts";
import { Curl } from "./command.tsx";
import { Failure } from "./failure.tsx";
import { Field } from "./field.tsx";
import { JsonField, jsonProblem } from "./json-field.tsx";
import { Loading } from "./page.tsx";
import { Rendered } from "./renderings.tsx";
import { TypeField } from "./type-field.tsx";
import { type SampleType, useSampleTypes } from "./use-event-types.ts";

interface SampleProps {
  readonly tenant: string;
  /** Undefined: one that is known. */
  readonly type: string | undefined;
  readonly onType: (type: string) => void;
  /** As an endpoint, by its id. Default: as every contract. */
  readonly endpoint?: string;
  /** Shows what came; undefined while nothing has. */
  readonly children: (renderings: SampleRenderings["renderings"] | undefined) => ReactNode;
}

/** An event that is nowhere: of any type, with the example of a catalogue or whatever is written. */
export function Sample(props: SampleProps) {
  const { all, isPending, failed } = useSampleTypes(props.tenant);
  if (failed !== undefined) {
    return <Failure error={failed.error} onRetry={() => void failed.refetch()} />;
  }
  if (isPending) {
    return <Loading />;
  }
  return <Written {...props} all={all} />;
}

interface WrittenProps extends SampleProps {
  readonly all: readonly SampleType[];
}

function Written({ tenant, type: first, all, onType, endpoint, children }: WrittenProps) {
  const [type, setType] = useState(first ?? all[0]?.name ?? "invoice.paid");
  const known = all.find(({ name }) => name === type);
  const [written, setWritten] = useState<string>();
  // The example of the type, until somebody writes something else.
  const data = written ?? JSON.stringify(known?.example ?? { id: 42 }, undefined, 2);
  const [subject, setSubject] = useState("");
  const isJson = jsonProblem(data) === undefined;
  const around = {
    type,
    ...(subject === "" ? {} : { subject }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  const asked = useSettled(isJson && type !== "" ? eventText(around, data) : undefined);
  const query = useQuery({
    queryKey: ["sample", { tenant }, asked],
    queryFn: async () => (await renderSampleText(tenant, asked ?? "")).renderings,
    enabled: asked !== undefined,
    staleTime: 300_000,
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <div className="panel mb-4 grid gap-x-6 gap-y-4 p-4 lg:grid-cols-2">
        <div className="min-w-0 space-y-4">
          <TypeField
            type={type}
            known={known}
            all={all}
            onChange={(name) => {
              setType(name);
              onType(name);
            }}
          />
          <SubjectField value={subject} onChange={setSubject} />
          {asked !== undefined && (
            <Curl call={{ method: "POST", path: `/v1/tenants/${tenant}/renderings`, bodyText: asked }} />
          )}
        </div>
        <JsonField
          label="Data"
          hint="Nothing of it is stored or sent."
          rows={6}
          value={data}
          schema={known?.schema ?? undefined}
          onChange={setWritten}
        />
      </div>
      {query.isError && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {children(query.data)}
    </>
  );
}

interface SubjectFieldProps {
  readonly value: string;
  readonly onChange: (subject: string) => void;
}

function SubjectField({ value, onChange }: SubjectFieldProps) {
  return (
    <Field label="Subject" hint="What it happened to. Empty: the example's.">
      {(given) => (
        <input
          {...given}
          className="input font-mono"
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}

const SETTLES_MS = 300;

/** Follows a value when it has not changed for a moment: not each letter is asked about. */
function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLES_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

interface SampleOfProps {
  readonly renderings: SampleRenderings["renderings"] | undefined;
  readonly contract: Contract;
}

/** What one contract makes of it. */
export function SampleOf({ renderings, contract: { name } }: SampleOfProps) {
  const found = renderings?.find(({ contract }) => contract === name);
  return found === undefined ? (
    <Loading />
  ) : (
    <Rendered reason={found.reason} request={found.request} label={`payload in the contract ${name}`} />
  );
}
