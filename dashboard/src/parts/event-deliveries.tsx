import type { Attempt, Delivery, Endpoint } from "@posthorn/client/operations";
import { durationText } from "@posthorn/contracts/duration-text";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../session.ts";
import { adviceFor, diagnosisOf, outcomeText, stepsOf, toneOfAttempt } from "../text/strip.ts";
import { Ago } from "./ago.tsx";
import { Badge, StateBadge, TONES } from "./badge.tsx";
import { DeliveryActions } from "./delivery-actions.tsx";
import { Failure } from "./failure.tsx";
import { useNow } from "./now.ts";
import { Empty, Facts, Loading } from "./page.tsx";
import { useEndpoints } from "./use-endpoints.ts";

interface EventDeliveriesProps {
  readonly tenant: string;
  readonly event: string;
}

const LIVE_MS = 2000;
const SETTLED_MS = 15_000;

/** What became of an event: a card for each endpoint it is owed to, read anew while anything moves. */
export function EventDeliveries({ tenant, event }: EventDeliveriesProps) {
  const query = useQuery({
    queryKey: ["event-deliveries", tenant, event],
    queryFn: async () => {
      const [deliveries, attempts] = await Promise.all([
        api.listDeliveriesOfEvent(tenant, event, { limit: 100 }).page(),
        api.listAttempts(tenant, { event, limit: 100 }).page(),
      ]);
      return { deliveries: deliveries.data, attempts: attempts.data };
    },
    refetchInterval: ({ state: { data } }) =>
      data?.deliveries.every(({ state }) => state !== "pending" && state !== "retrying") === true
        ? SETTLED_MS
        : LIVE_MS,
  });
  const { endpoints } = useEndpoints(tenant);
  if (query.isPending) {
    return <Loading />;
  }
  if (query.isError) {
    return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  }
  const { deliveries, attempts } = query.data;
  if (deliveries.length === 0) {
    return (
      <Empty title="No endpoint was owed this event.">
        <p>
          An endpoint is owed what is accepted after it was created, while it is enabled, if its event types
          and its contract&apos;s catalogue name the type.
        </p>
      </Empty>
    );
  }
  return (
    <ul className="space-y-3">
      {deliveries.map((delivery) => (
        <DeliveryCard
          key={delivery.id}
          tenant={tenant}
          delivery={delivery}
          attempts={attempts.filter(({ delivery_id }) => delivery_id === delivery.id)}
          endpoint={endpoints.find(({ id }) => id === delivery.endpoint_id)}
        />
      ))}
    </ul>
  );
}

interface DeliveryCardProps {
  readonly tenant: string;
  readonly delivery: Delivery;
  readonly attempts: readonly Attempt[];
  readonly endpoint: Endpoint | undefined;
}

function DeliveryCard({ tenant, delivery, attempts, endpoint }: DeliveryCardProps) {
  const last = attempts.toSorted((a, b) => Date.parse(b.started_at) - Date.parse(a.started_at))[0];
  return (
    <li className="panel p-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <StateBadge state={delivery.state} />
        <Link
          to="/t/$tenant/endpoints/$endpoint"
          params={{ tenant, endpoint: delivery.endpoint_id }}
          className="link min-w-0 truncate font-medium"
          data-row=""
        >
          {endpoint?.url ?? delivery.endpoint_id}
        </Link>
        <span className="ml-auto flex gap-2">
          <DeliveryActions tenant={tenant} delivery={delivery} />
        </span>
      </div>
      <Strip tenant={tenant} delivery={delivery} attempts={attempts} />
      {last !== undefined && last.verdict !== "delivered" && (
        <div className="mt-3 border-l-2 border-warn pl-3">
          <p>{diagnosisOf(last)}</p>
          {adviceFor(last) !== undefined && <p className="text-muted">{adviceFor(last)}</p>}
        </div>
      )}
      {attempts.length > 0 && (
        <div className="mt-3 space-y-1">
          {attempts.map((attempt) => (
            <AttemptDetails key={attempt.id} tenant={tenant} attempt={attempt} />
          ))}
        </div>
      )}
    </li>
  );
}

/** accepted → attempt 1 ✗ 503 → next attempt in 4 m 12 s */
function Strip({ tenant, delivery, attempts }: Omit<DeliveryCardProps, "endpoint">) {
  const now = useNow();
  return (
    <ol aria-label="What happened" className="mt-3 flex flex-wrap items-center gap-y-1.5 text-[12px]">
      {stepsOf(delivery, attempts, now).map(({ tone, text, at, attempt }, place) => (
        <li key={`${at} ${text}`} className="flex items-center">
          {place > 0 && (
            <span aria-hidden="true" className="px-1.5 text-muted">
              →
            </span>
          )}
          <span
            className={`rounded px-1.5 py-0.5 font-medium tabular-nums ${TONES[tone]}`}
            title={at === null ? undefined : new Date(at).toLocaleString()}
          >
            {attempt === undefined ? (
              text
            ) : (
              <Link
                to="/t/$tenant/attempts/$attempt"
                params={{ tenant, attempt: attempt.id }}
                className="hover:underline"
              >
                {text}
              </Link>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** One request: what was answered, how long each part took, and what it means. */
function AttemptDetails({ tenant, attempt }: { readonly tenant: string; readonly attempt: Attempt }) {
  const { answer, payload_hash, connected_ms, headers_ms, duration_ms } = attempt;
  return (
    <details className="rounded-md border border-line">
      <summary className="flex flex-wrap items-center gap-3 px-3 py-1.5">
        <Badge tone={toneOfAttempt(attempt)}>{outcomeText(attempt)}</Badge>
        <span>{attempt.is_replay ? "replay" : `attempt ${attempt.number}`}</span>
        <span className="text-muted tabular-nums">{durationText(duration_ms)}</span>
        <span className="ml-auto text-muted">
          <Ago at={attempt.started_at} />
        </span>
      </summary>
      <div className="space-y-3 border-t border-line p-3">
        <p>{diagnosisOf(attempt)}</p>
        <Link to="/t/$tenant/attempts/$attempt" params={{ tenant, attempt: attempt.id }} className="link">
          The request as it was sent, and its timing
        </Link>
        <Facts
          facts={[
            ["Verdict", attempt.verdict],
            ["Status", attempt.status ?? "no answer"],
            ["Code", attempt.error === null ? "none" : <code>{attempt.error}</code>],
            ["Connected after", connected_ms === null ? "not" : durationText(connected_ms)],
            ["Headers after", headers_ms === null ? "never" : durationText(headers_ms)],
            ["Ended after", durationText(duration_ms)],
          ]}
        />
        <div>
          <p className="mb-1 text-[12px] text-muted">The answer begins with</p>
          <pre tabIndex={0} aria-label="answer" className="bytes max-h-60 rounded bg-raised p-2">
            {answer === null || answer === "" ? "nothing" : answer}
          </pre>
        </div>
        {payload_hash !== null && (
          <p className="text-[12px] break-all text-muted">
            SHA-256 of the payload <code>{payload_hash}</code>
          </p>
        )}
      </div>
    </details>
  );
}
