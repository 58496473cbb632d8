import type { Delivery, Endpoint } from "@posthorn/client/operations";
import { Link } from "@tanstack/react-router";
import { retryOf, wordsOf } from "../text/strip.ts";
import { Ago, Due } from "./ago.tsx";
import { StateBadge } from "./badge.tsx";
import { DeliveryActions } from "./delivery-actions.tsx";
import { useEndpoints } from "./use-endpoints.ts";

interface DeliveryTableProps {
  readonly tenant: string;
  readonly deliveries: readonly Delivery[];
  /** Whether all are of one endpoint, which stands above them. Default: false. */
  readonly isOfOneEndpoint?: boolean;
}

/** Deliveries, a row each: what happened, why, what comes next, and what can be done. */
export function DeliveryTable({ tenant, deliveries, isOfOneEndpoint = false }: DeliveryTableProps) {
  const { endpoints } = useEndpoints(isOfOneEndpoint ? undefined : tenant);
  return (
    <div className="panel overflow-x-auto">
      <table className="grid-table stacks">
        <thead>
          <tr>
            <th>State</th>
            <th>{isOfOneEndpoint ? "Event" : "Event and endpoint"}</th>
            <th>Why</th>
            <th>Next</th>
            <th>Accepted</th>
            <th>
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {deliveries.map((delivery) => (
            <Row
              key={delivery.id}
              tenant={tenant}
              delivery={delivery}
              about={isOfOneEndpoint ? delivery.event_id : urlOf(endpoints, delivery.endpoint_id)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function urlOf(endpoints: readonly Endpoint[], endpoint: string): string {
  return endpoints.find(({ id }) => id === endpoint)?.url ?? endpoint;
}

interface RowProps {
  readonly tenant: string;
  readonly delivery: Delivery;
  /** What tells it apart from others of its type. */
  readonly about: string;
}

function Row({ tenant, delivery, about }: RowProps) {
  const { state, event_id, type, reason, accepted_at } = delivery;
  return (
    <tr>
      <td>
        <StateBadge state={state} />
      </td>
      <td className="whole sm:max-w-80">
        <Link
          to="/t/$tenant/events/$event"
          params={{ tenant, event: event_id }}
          hash={delivery.id}
          className="link block truncate font-medium"
          title={type}
          data-row=""
        >
          {type}
        </Link>
        <span className="block truncate text-[12px] text-muted">{about}</span>
      </td>
      <td data-column="Why" className={reason === null ? "max-sm:hidden" : undefined}>
        {reason === null ? <span className="text-muted">–</span> : wordsOf(reason)}
      </td>
      <td data-column="Next" className="whitespace-nowrap">
        <Next delivery={delivery} />
      </td>
      <td data-column="Accepted" className="text-muted">
        <Ago at={accepted_at} />
      </td>
      <td>
        <div className="flex justify-end gap-1.5">
          <DeliveryActions tenant={tenant} delivery={delivery} />
        </div>
      </td>
    </tr>
  );
}

function Next({ delivery }: { readonly delivery: Delivery }) {
  const { state, attempts, next_attempt_at, reason } = delivery;
  const made = `${attempts} ${attempts === 1 ? "attempt" : "attempts"}`;
  if (state !== "retrying" && state !== "pending") {
    return <span className="text-muted">nothing, after {made}</span>;
  }
  return next_attempt_at === null ? (
    <span>
      {reason === "paused" ? "when it is resumed" : "its turn"}
      {attempts === 0 ? "" : `, after ${made}`}
    </span>
  ) : (
    <>
      attempt {attempts + 1} <Due at={next_attempt_at} />
      <span className="block text-[12px] text-muted">{retryOf(delivery)}</span>
    </>
  );
}
