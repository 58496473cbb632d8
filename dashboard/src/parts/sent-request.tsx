import type { SentRequest as Sent } from "@posthorn/client/operations";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../session.ts";
import { textOfBase64 } from "../text/request-text.ts";
import { Badge } from "./badge.tsx";
import { Failure } from "./failure.tsx";
import { Empty, Loading } from "./page.tsx";
import { RequestView } from "./request-view.tsx";

interface SentRequestProps {
  readonly tenant: string;
  readonly attempt: string;
}

/** What was sent: made again by the contract, compared by its hash, without credentials. */
export function SentRequest({ tenant, attempt }: SentRequestProps) {
  const query = useQuery({
    queryKey: ["sent-request", { tenant }, attempt],
    queryFn: async () => await api.getSentRequest(tenant, attempt),
    // What it says changes with the endpoint's settings alone.
    staleTime: 60_000,
  });
  if (query.isPending) {
    return <Loading />;
  }
  if (query.isError) {
    return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  }
  const { request, reason } = query.data;
  return (
    <div className="space-y-3">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Comparison sent={query.data} />
      </p>
      <Members tenant={tenant} sent={query.data} attempt={attempt} />
      {request === null ? (
        <Empty title="There is nothing to show.">
          <p>
            <code>{reason}</code> {reason === null ? "" : REASONS[reason]}
          </p>
        </Empty>
      ) : (
        <RequestView
          request={{ ...request, payload: textOfBase64(request.payload) }}
          label="payload of the request"
        />
      )}
    </div>
  );
}

function Comparison({ sent: { matches, reason } }: { readonly sent: Sent }) {
  if (matches === true) {
    return (
      <>
        <Badge tone="good">✓ as it was sent</Badge>
        <span className="text-muted">
          Made again, byte for byte: the payload has the hash that was stored.
        </span>
      </>
    );
  }
  return (
    <>
      <Badge tone={matches === false ? "bad" : "idle"}>
        {matches === false ? "✗ not as it was sent" : "cannot be compared"}
      </Badge>
      <span className="text-muted">{reason === null ? "" : REASONS[reason]}</span>
    </>
  );
}

function Members({ tenant, sent, attempt }: SentRequestProps & { readonly sent: Sent }) {
  const { event_ids, attempt_id } = sent;
  if (event_ids.length < 2) {
    return null;
  }
  return (
    <details className="text-[12px]">
      <summary className="text-muted">One request for {event_ids.length} events</summary>
      {attempt_id !== attempt && (
        <p className="mt-1">
          It stands in full at{" "}
          <Link
            to="/t/$tenant/attempts/$attempt"
            params={{ tenant, attempt: attempt_id }}
            className="link font-mono break-all"
          >
            {attempt_id}
          </Link>
          .
        </p>
      )}
      <ol className="mt-1 max-h-60 list-decimal overflow-y-auto pl-8">
        {event_ids.map((event) => (
          <li key={event}>
            <Link to="/t/$tenant/events/$event" params={{ tenant, event }} className="link font-mono">
              {event}
            </Link>
          </li>
        ))}
      </ol>
    </details>
  );
}

const REASONS: Readonly<Record<NonNullable<Sent["reason"]>, string>> = {
  endpoint_gone: "Nothing is known of the endpoint any more.",
  contract_unknown: "This installation does not have the endpoint's contract any more.",
  batch_scattered: "The members of its batch lie too far apart to be looked for.",
  event_gone: "The event is older than what is kept.",
  event_erased: "What the event said was erased.",
  not_sent: "Nothing was sent: the contract cannot say this event.",
  unrenderable_now: "The contract cannot say the event any more.",
  contract_failed: "The contract throws when it is asked for the request.",
  endpoint_changed: "The endpoint was changed since: this is what would be sent by now.",
  rendering_changed: "The contract renders it otherwise by now, or its batch has lost members.",
  payload_made_with_secret: "The contract puts something made of the secret into the payload.",
};
