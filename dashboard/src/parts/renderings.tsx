import type { Contract } from "@posthorn/client/operations";
import { PosthornError } from "@posthorn/client/posthorn-error";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../session.ts";
import { type ShownRequest, textOfBase64 } from "../text/request-text.ts";
import { wordsOf } from "../text/strip.ts";
import { Badge } from "./badge.tsx";
import { Failure } from "./failure.tsx";
import { Loading } from "./page.tsx";
import { RequestView } from "./request-view.tsx";
import { useContracts } from "./use-contracts.ts";

interface RenderingsProps {
  readonly tenant: string;
  readonly event: string;
}

/** One event as every contract says it: asked for when it is opened. */
export function Renderings(props: RenderingsProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="mt-3" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="text-muted">The same event in every contract</summary>
      {isOpen && (
        <div className="mt-2">
          <p className="mb-2 text-[12px] text-muted">
            To a receiver that is nowhere, signed with secrets made for the moment: nothing is sent.
          </p>
          <AllRenderings {...props} />
        </div>
      )}
    </details>
  );
}

function AllRenderings(props: RenderingsProps) {
  const { data, isError, error, refetch } = useContracts();
  if (isError) {
    return <Failure error={error} onRetry={() => void refetch()} />;
  }
  if (data === undefined) {
    return <Loading />;
  }
  return (
    <ul className="grid gap-4 lg:grid-cols-2">
      {data.map((contract) => (
        <li key={contract.name} className="panel min-w-0 p-4">
          <h3 className="mb-2 flex items-center gap-2 font-semibold">
            {contract.name} <Badge tone="idle">{contract.discipline}</Badge>
          </h3>
          <Rendering {...props} contract={contract} />
        </li>
      ))}
    </ul>
  );
}

/** Not an endpoint's, so that nothing of one is in it. */
const URL = "https://receiver.example/webhooks";

/** One event as a contract says it, to a receiver that is nowhere, signed with a secret made for it. */
export function Rendering({ tenant, event, contract }: RenderingsProps & { readonly contract: Contract }) {
  const query = useQuery({
    queryKey: ["rendering", { tenant }, event, contract.name],
    queryFn: async () => await render(tenant, event, contract.name),
    staleTime: 300_000,
  });
  if (query.isPending) {
    return <Loading />;
  }
  if (query.isError) {
    return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  }
  const { request, reason } = query.data;
  const headers = Object.entries(request?.headers ?? {}).map(([name, value]) => ({ name, value }));
  return (
    <Rendered
      reason={reason}
      request={request && { ...request, headers }}
      label={`payload in the contract ${contract.name}`}
    />
  );
}

interface RenderedProps {
  readonly reason: string | null;
  /** With its payload in Base64. Null: there is none, for the reason. */
  readonly request: ShownRequest | null;
  readonly label: string;
}

/** An event as somebody says it, or why that cannot be. */
export function Rendered({ reason, request, label }: RenderedProps) {
  if (request === null) {
    return (
      <p className="text-muted">
        It cannot say this event: <code>{reason}</code>
        {reason === null ? "" : WHY[reason]}.
        <span className="sr-only">{reason === null ? "" : wordsOf(reason)}</span>
      </p>
    );
  }
  return <RequestView request={{ ...request, payload: textOfBase64(request.payload) }} label={label} />;
}

const WHY: Readonly<Record<string, string>> = {
  not_in_catalogue: ", as its catalogue is closed and does not have the type",
  subject_missing: ", as it sends the subject",
  settings_needed: ", as an endpoint of it needs settings: look at it as one of yours",
  contract_failed: ", as its code failed",
};

async function render(tenant: string, event: string, contract: string) {
  try {
    return await api.renderEvent(tenant, event, { contract, url: URL });
  } catch (error) {
    // Some put the name of what they call into the URL.
    if (error instanceof PosthornError && error.errors.some(({ pointer }) => pointer === "/url")) {
      return await api.renderEvent(tenant, event, { contract, url: `${URL}/:name` });
    }
    throw error;
  }
}
