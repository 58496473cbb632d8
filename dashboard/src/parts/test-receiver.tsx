import type { Endpoint, TestReceiver } from "@posthorn/client/operations";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../session.ts";
import { ANSWERS, choiceOf, OUTCOMES, type TestChoice } from "../text/test-answers.ts";
import { Curl } from "./command.tsx";
import { Failure } from "./failure.tsx";
import { Field } from "./field.tsx";
import { useMay } from "./permission.ts";
import { useContracts } from "./use-contracts.ts";
import { useEndpoints } from "./use-endpoints.ts";

/** The server's own receiver, where it has one: an endpoint to it, and what it is to answer. */
export function TestReceiverPanel({ tenant }: { readonly tenant: string }) {
  const path = `/v1/tenants/${tenant}/test-receiver`;
  const may = useMay({ method: "PUT", path });
  const queryKey = ["test-receiver", tenant];
  const receiver = useQuery({
    queryKey,
    queryFn: async () => await api.getTestReceiver(tenant),
    enabled: may,
  });
  const { endpoints } = useEndpoints(tenant);
  const url = receiver.data?.url ?? null;
  if (receiver.isError) {
    return <Failure error={receiver.error} onRetry={() => void receiver.refetch()} />;
  }
  if (receiver.data === undefined || url === null) {
    return null;
  }
  const its = endpoints.filter((endpoint) => endpoint.url === url || endpoint.url.startsWith(`${url}/`));
  return (
    <section aria-label="Test receiver" className="panel space-y-4 self-start p-5">
      <div>
        <h2 className="font-medium">Test receiver</h2>
        <p className="text-[12px] text-muted">
          This server&apos;s own, in development: it answers every request of this tenant as you say.
        </p>
        <code className="mt-1 block text-[12px] break-all">{url}</code>
      </div>
      <AnswerField tenant={tenant} answer={receiver.data.answer} queryKey={queryKey} />
      <Receivers tenant={tenant} endpoints={its} />
      <NewReceiver tenant={tenant} url={url} />
    </section>
  );
}

interface AnswerFieldProps {
  readonly tenant: string;
  readonly answer: TestReceiver["answer"];
  readonly queryKey: readonly string[];
}

function AnswerField({ tenant, answer, queryKey }: AnswerFieldProps) {
  const queries = useQueryClient();
  const tell = useMutation({
    mutationFn: async (told: TestChoice) => await api.setTestReceiver(tenant, told.answer),
    onSuccess: (told) => queries.setQueryData(queryKey, told),
  });
  const choice = choiceOf(answer);
  const tellNamed = (name: string) => {
    const named = [...ANSWERS, ...OUTCOMES].find((one) => one.name === name);
    if (named !== undefined) {
      tell.mutate(named);
    }
  };
  const option = ({ name, says }: TestChoice) => (
    <option key={name} value={name}>
      {says}
    </option>
  );
  return (
    <div>
      <Field label="It" hint="From the next request on, until the server ends. Handshakes it always passes.">
        {(given) => (
          <select
            {...given}
            className="input"
            disabled={tell.isPending}
            value={choice?.name ?? ""}
            onChange={({ target }) => tellNamed(target.value)}
          >
            {choice === undefined && <option value="">answers {answer.status}, as a program said</option>}
            {ANSWERS.map(option)}
            <optgroup label="Outcomes, of Bubblehouse">{OUTCOMES.map(option)}</optgroup>
          </select>
        )}
      </Field>
      {tell.isError && <Failure error={tell.error} />}
      <Curl call={{ method: "PUT", path: `/v1/tenants/${tenant}/test-receiver`, body: answer }} />
    </div>
  );
}

function Receivers({
  tenant,
  endpoints,
}: {
  readonly tenant: string;
  readonly endpoints: readonly Endpoint[];
}) {
  return (
    <ul className="space-y-1">
      {endpoints.map(({ id, contract }) => (
        <li key={id}>
          <Link to="/t/$tenant/endpoints/$endpoint" params={{ tenant, endpoint: id }} className="link">
            An endpoint to it, in the contract {contract}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function NewReceiver({ tenant, url }: { readonly tenant: string; readonly url: string }) {
  const queries = useQueryClient();
  const contracts = useContracts();
  const [contract, setContract] = useState("standard");
  const create = useMutation({
    mutationFn: async () => await api.createEndpoint(tenant, bodyOf(url, contract)),
    onSuccess: async () => await queries.invalidateQueries({ queryKey: ["endpoint-names", { tenant }] }),
  });
  const may = useMay({ method: "POST", path: `/v1/tenants/${tenant}/endpoints` });
  if (!may) {
    return null;
  }
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-end gap-2">
        <Field label="Contract">
          {(given) => (
            <select
              {...given}
              className="input"
              value={contract}
              onChange={({ target }) => setContract(target.value)}
            >
              {contracts.data?.map(({ name }) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <button type="button" className="button" disabled={create.isPending} onClick={() => create.mutate()}>
          Create an endpoint to it
        </button>
      </div>
      {create.isError && <Failure error={create.error} />}
    </div>
  );
}

/** Bubblehouse puts the name of a hook where its URLs say so. */
function bodyOf(url: string, contract: string) {
  const itsUrl = contract === "bubblehouse" ? `${url}/:name` : url;
  return { url: itsUrl, contract, description: "Test receiver" };
}
