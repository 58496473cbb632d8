import type { Delivery } from "@posthorn/client/operations";
import { Link } from "@tanstack/react-router";
import { wordsOf } from "../text/strip.ts";
import { Ago } from "./ago.tsx";
import { StateBadge } from "./badge.tsx";
import { DeliveryActions } from "./delivery-actions.tsx";
import { useEndpoints } from "./use-endpoints.ts";

interface DeliveryTableProps {
  readonly tenant: string;
  readonly deliveries: readonly Delivery[];
}

/** Deliveries, a row each: what happened, why, what comes next, and what can be done. */
export function DeliveryTable({ tenant, deliveries }: DeliveryTableProps) {
  const { endpoints } = useEndpoints(tenant);
  return (
    <div className="panel overflow-x-auto">
      <table className="grid-table">
        <thead>
          <tr>
            <th>State</th>
            <th>Event and endpoint</th>
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
              url={endpoints.find(({ id }) => id === delivery.endpoint_id)?.url}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly tenant: string;
  readonly delivery: Delivery;
  readonly url: string | undefined;
}

function Row({ tenant, delivery, url }: RowProps) {
  const { state, event_id, type, endpoint_id, reason, accepted_at } = delivery;
  return (
    <tr>
      <td>
        <StateBadge state={state} />
      </td>
      <td className="max-w-80">
        <Link
          to="/t/$tenant/events/$event"
          params={{ tenant, event: event_id }}
          className="link block truncate font-medium"
          data-row=""
        >
          {type}
        </Link>
        <span className="block truncate text-[12px] text-muted">{url ?? endpoint_id}</span>
      </td>
      <td>{reason === null ? <span className="text-muted">–</span> : wordsOf(reason)}</td>
      <td className="whitespace-nowrap">
        <Next delivery={delivery} />
      </td>
      <td className="text-muted">
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

function Next({ delivery: { state, attempts, next_attempt_at } }: { readonly delivery: Delivery }) {
  const made = `${attempts} ${attempts === 1 ? "attempt" : "attempts"}`;
  if (state !== "retrying" && state !== "pending") {
    return <span className="text-muted">nothing, after {made}</span>;
  }
  return next_attempt_at === null ? (
    <span>its turn{attempts === 0 ? "" : `, after ${made}`}</span>
  ) : (
    <span>
      attempt {attempts + 1} <Ago at={next_attempt_at} />
    </span>
  );
}
