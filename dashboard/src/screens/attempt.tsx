import type { Attempt } from "@posthorn/client/operations";
import { durationText } from "@posthorn/contracts/duration-text";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Ago } from "../parts/ago.tsx";
import { Badge, TONES } from "../parts/badge.tsx";
import { Curl } from "../parts/command.tsx";
import { Failure } from "../parts/failure.tsx";
import { Facts, Loading, Page } from "../parts/page.tsx";
import { SentRequest } from "../parts/sent-request.tsx";
import { useEndpoints } from "../parts/use-endpoints.ts";
import { Waterfall } from "../parts/waterfall.tsx";
import { api } from "../session.ts";
import { adviceFor, diagnosisOf, outcomeText, toneOfAttempt } from "../text/strip.ts";

/** One request: what was sent, what was answered, how long each part took, and what it means. */
export function AttemptScreen() {
  const { tenant, attempt: id } = useParams({ from: "/t/$tenant/attempts/$attempt" });
  const query = useQuery({
    queryKey: ["attempt", { tenant }, id],
    queryFn: async () => await api.getAttempt(tenant, id),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (query.data === undefined) {
    return (
      <Page title="Attempt">
        {query.isPending ? <Loading /> : <Failure error={query.error} onRetry={() => void query.refetch()} />}
      </Page>
    );
  }
  const attempt = query.data;
  return (
    <Page title={nameOf(attempt)} about={<code className="break-all">{attempt.id}</code>}>
      <Siblings tenant={tenant} attempt={attempt} />
      <div className="panel mb-5 space-y-4 p-4">
        <div className="flex flex-wrap items-start gap-3">
          <Badge tone={toneOfAttempt(attempt)}>{outcomeText(attempt)}</Badge>
          <div className="min-w-0 flex-1">
            <p>{diagnosisOf(attempt)}</p>
            {attempt.verdict !== "delivered" && adviceFor(attempt) !== undefined && (
              <p className="text-muted">{adviceFor(attempt)}</p>
            )}
          </div>
        </div>
        <AttemptFacts tenant={tenant} attempt={attempt} />
        <Curl call={{ method: "GET", path: `/v1/tenants/${tenant}/attempts/${attempt.id}` }} />
      </div>
      <h2 className="mb-2 text-base font-semibold">Timing</h2>
      <div className="panel mb-5 p-4">
        {attempt.batch_event_id === null ? (
          <Waterfall attempt={attempt} />
        ) : (
          <p className="text-muted">It was part of a batch, whose last event&apos;s attempt has the times.</p>
        )}
      </div>
      <h2 className="mb-2 text-base font-semibold">Request</h2>
      <SentRequest key={attempt.id} tenant={tenant} attempt={attempt.id} />
      <h2 className="mt-6 mb-2 text-base font-semibold">Answer</h2>
      <Answer attempt={attempt} />
    </Page>
  );
}

function nameOf({ is_replay, number }: Attempt): string {
  return is_replay ? `Attempt ${number} of a replay` : `Attempt ${number}`;
}

interface AttemptProps {
  readonly tenant: string;
  readonly attempt: Attempt;
}

function AttemptFacts({ tenant, attempt }: AttemptProps) {
  const { endpoints } = useEndpoints(tenant);
  const { event_id, endpoint_id, status, error } = attempt;
  return (
    <Facts
      facts={[
        [
          "Event",
          <Link
            key="event"
            to="/t/$tenant/events/$event"
            params={{ tenant, event: event_id }}
            className="link font-mono text-[12px] break-all"
          >
            {event_id}
          </Link>,
          true,
        ],
        [
          "Endpoint",
          <Link
            key="endpoint"
            to="/t/$tenant/endpoints/$endpoint"
            params={{ tenant, endpoint: endpoint_id }}
            className="link break-all"
          >
            {endpoints.find(({ id }) => id === endpoint_id)?.url ?? endpoint_id}
          </Link>,
          true,
        ],
        ["Began", <Ago key="began" at={attempt.started_at} />],
        ["Took", durationText(attempt.duration_ms)],
        ["Verdict", attempt.verdict],
        ["Status", status ?? "no answer"],
        ["Code", error === null ? "none" : <code>{error}</code>],
        [
          "Network",
          attempt.error_detail ?? (status === null ? "nothing more is known" : "an answer came"),
          true,
        ],
      ]}
    />
  );
}

const SIBLING = "rounded px-1.5 py-0.5 font-medium aria-[current=page]:underline";

/** The other requests of the same delivery. */
function Siblings({ tenant, attempt }: AttemptProps) {
  const { event_id, delivery_id, id } = attempt;
  const { data = [] } = useQuery({
    queryKey: ["attempts-of", tenant, event_id, attempt.endpoint_id],
    queryFn: async () => {
      const query = { event: event_id, endpoint: attempt.endpoint_id, limit: 100 };
      return (await api.listAttempts(tenant, query).page()).data;
    },
    staleTime: 5000,
  });
  const all = data.filter((other) => other.delivery_id === delivery_id);
  if (all.length < 2) {
    return null;
  }
  return (
    <nav aria-label="Attempts of the same delivery" className="mb-4 flex flex-wrap gap-1.5 text-[12px]">
      {all
        .toSorted((a, b) => Date.parse(a.started_at) - Date.parse(b.started_at))
        .map((other) => (
          <Link
            key={other.id}
            to="/t/$tenant/attempts/$attempt"
            params={{ tenant, attempt: other.id }}
            aria-current={other.id === id ? "page" : undefined}
            data-row=""
            className={`${SIBLING} ${TONES[toneOfAttempt(other)]}`}
          >
            {other.is_replay ? "replay" : `attempt ${other.number}`} {outcomeText(other)}
          </Link>
        ))}
    </nav>
  );
}

function Answer({ attempt: { status, answer, batch_event_id } }: Pick<AttemptProps, "attempt">) {
  if (batch_event_id !== null) {
    return <p className="text-muted">The batch was answered as a whole.</p>;
  }
  if (status === null) {
    return <p className="text-muted">There was none.</p>;
  }
  return (
    <div className="panel p-4">
      <p className="mb-2">
        Status <span className="font-medium">{status}</span>. Headers of answers are not stored; of the body
        the first 4 KB are.
      </p>
      <pre tabIndex={0} aria-label="answer" className="bytes max-h-80 rounded bg-raised p-2">
        {answer === null || answer === "" ? "nothing" : answer}
      </pre>
    </div>
  );
}
