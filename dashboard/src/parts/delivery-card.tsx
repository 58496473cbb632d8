import type { Attempt, Delivery, Endpoint } from "@posthorn/client/operations";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { api } from "../session.ts";
import { adviceFor, diagnosisOf, stepsOf } from "../text/strip.ts";
import { countText } from "../text/times.ts";
import { Due } from "./ago.tsx";
import { AttemptDetails } from "./attempt-details.tsx";
import { StateBadge, TONES } from "./badge.tsx";
import { DeliveryActions } from "./delivery-actions.tsx";
import { useNow } from "./now.ts";

/** A delivery, and what is known already of its attempts. */
export interface TriedDelivery {
  readonly delivery: Delivery;
  readonly attempts: readonly Attempt[];
}

interface DeliveryCardProps {
  readonly tenant: string;
  readonly tried: TriedDelivery;
  readonly endpoint: Endpoint | undefined;
}

/** One delivery: what happened, why, what comes next, and what can be done. */
export function DeliveryCard({ tenant, tried, endpoint }: DeliveryCardProps) {
  const { delivery } = tried;
  const attempts = useAttempts(tenant, tried);
  const { card, isWanted } = useLookedFor(delivery.id);
  const last = attempts[0];
  return (
    <li ref={card} className={`panel scroll-mt-4 p-4 ${isWanted ? "border-accent!" : ""}`}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <StateBadge state={delivery.state} />
        <span className="flex min-w-0 flex-1 basis-40">
          <Link
            to="/t/$tenant/endpoints/$endpoint"
            params={{ tenant, endpoint: delivery.endpoint_id }}
            className="link truncate font-medium"
            title={endpoint?.url}
            data-row=""
          >
            {endpoint?.url ?? delivery.endpoint_id}
          </Link>
        </span>
        <span className="ml-auto flex gap-2">
          <DeliveryActions tenant={tenant} delivery={delivery} />
        </span>
      </div>
      <Strip tenant={tenant} delivery={delivery} attempts={attempts} />
      {last !== undefined && last.verdict !== "delivered" && (
        <div className="mt-3 border-l-2 border-warn pl-3">
          <p>{diagnosisOf(last, delivery.state)}</p>
          {adviceFor(last) !== undefined && <p className="text-muted">{adviceFor(last)}</p>}
        </div>
      )}
      {delivery.state === "pending" && <Waiting tenant={tenant} delivery={delivery} />}
      <Attempts tenant={tenant} delivery={delivery} attempts={attempts} />
    </li>
  );
}

/** Whoever came for this delivery is taken to it, once. */
function useLookedFor(id: string) {
  const card = useRef<HTMLLIElement>(null);
  const isWanted = useLocation({ select: ({ hash }) => hash === id });
  useEffect(() => {
    if (isWanted) {
      card.current?.querySelector<HTMLElement>("[data-row]")?.focus({ preventScroll: true });
      card.current?.scrollIntoView({ block: "start" });
    }
  }, [isWanted]);
  return { card, isWanted };
}

/**
 * The attempts of a delivery, newest first. The newest of the event may be others', where there are many:
 * then its own are asked for, and again when there is another.
 */
function useAttempts(tenant: string, { delivery, attempts }: TriedDelivery): readonly Attempt[] {
  const { id, event_id: event, endpoint_id: endpoint, attempts: count } = delivery;
  const isWhole = attempts.length >= count;
  const query = useQuery({
    queryKey: ["attempts-of", { tenant }, id, count],
    queryFn: async () => {
      const { data } = await api.listAttempts(tenant, { event, endpoint, limit: 100 }).page();
      return data.filter(({ delivery_id }) => delivery_id === id);
    },
    enabled: !isWhole,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
  const known = isWhole ? attempts : (query.data ?? attempts);
  return known.toSorted((a, b) => Date.parse(b.started_at) - Date.parse(a.started_at));
}

interface AttemptsProps {
  readonly tenant: string;
  readonly delivery: Delivery;
  /** Newest first. */
  readonly attempts: readonly Attempt[];
}

/** accepted → attempt 1 ✗ 503 → next attempt in 4 m 12 s */
function Strip({ tenant, delivery, attempts }: AttemptsProps) {
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

/** What has to happen before it is sent, and who can make it happen. */
function Waiting({ tenant, delivery }: Omit<AttemptsProps, "attempts">) {
  const { reason, next_attempt_at, endpoint_id } = delivery;
  if (reason === null) {
    return null;
  }
  return (
    <p className="mt-3 border-l-2 border-accent pl-3">
      {reason === "paused" ? (
        "The endpoint is paused: everything waits, and keeps its place. "
      ) : next_attempt_at === null ? (
        "The lane goes on when somebody has mended what stopped it. "
      ) : (
        <>
          The lane is held, and this is not tried before it goes on. Next probe <Due at={next_attempt_at} />:
          once the receiver takes it, the others follow.{" "}
        </>
      )}
      <Link
        to="/t/$tenant/endpoints/$endpoint"
        params={{ tenant, endpoint: endpoint_id }}
        className="link underline"
      >
        What can be done is at the endpoint
      </Link>
    </p>
  );
}

/** The others are a click away. */
const SHOWN_MAX = 3;

function Attempts({ tenant, delivery, attempts }: AttemptsProps) {
  const [isOpen, setOpen] = useState(false);
  if (attempts.length === 0) {
    return null;
  }
  const isShort = attempts.length <= SHOWN_MAX + 1;
  const latest = isShort ? attempts : attempts.slice(0, SHOWN_MAX);
  const earlier = attempts.slice(latest.length);
  const unread = Math.max(0, delivery.attempts - attempts.length);
  const details = (some: readonly Attempt[]) =>
    some.map((attempt) => <AttemptDetails key={attempt.id} tenant={tenant} attempt={attempt} />);
  return (
    <div className="mt-3 space-y-1">
      {details(latest)}
      {earlier.length > 0 && (
        <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary className="px-1 py-1 text-muted">{countText(earlier.length)} earlier attempts</summary>
          {isOpen && <div className="mt-1 space-y-1">{details(earlier)}</div>}
          {isOpen && unread > 0 && (
            <p className="mt-1 px-1 text-muted">{countText(unread)} before them are not shown.</p>
          )}
        </details>
      )}
    </div>
  );
}
