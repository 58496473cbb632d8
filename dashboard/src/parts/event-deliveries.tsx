import type { Delivery } from "@posthorn/client/operations";
import { Link, useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import { api } from "../session.ts";
import { DELIVERY_STATES } from "../text/states.ts";
import { countText } from "../text/times.ts";
import { DeliveryCard, type TriedDelivery } from "./delivery-card.tsx";
import { Empty } from "./page.tsx";
import { List, type Listed, useList } from "./pages.tsx";
import { useEndpoints } from "./use-endpoints.ts";

interface EventDeliveriesProps {
  readonly tenant: string;
  readonly event: string;
  /** Shows only those in it. Default: all. */
  readonly state?: Delivery["state"] | undefined;
}

const LIVE_MS = 2000;
const SETTLED_MS = 15_000;

/** What became of an event: a card for each endpoint it is owed to, read anew while anything moves. */
export function EventDeliveries({ tenant, event, state }: EventDeliveriesProps) {
  const list = useList(
    ["event-deliveries", tenant, event],
    async (cursor) => {
      const [{ data, next_cursor }, attempts] = await Promise.all([
        api.listDeliveriesOfEvent(tenant, event, { limit: 100 }).page(cursor),
        api.listAttempts(tenant, { event, limit: 100 }).page(),
      ]);
      const tried = data.map((delivery) => ({
        delivery,
        attempts: attempts.data.filter(({ delivery_id }) => delivery_id === delivery.id),
      }));
      return { data: tried, next_cursor };
    },
    (items) => (items.every(isSettled) && items.length > 0 ? SETTLED_MS : LIVE_MS),
  );
  const { endpoints } = useEndpoints(tenant);
  useLookedFor(list);
  const shown = (items: readonly TriedDelivery[]) =>
    items.filter(({ delivery }) => state === undefined || delivery.state === state);
  return (
    <List list={list} empty={<NoDeliveries />}>
      {(items) => (
        <>
          <States tenant={tenant} event={event} list={list} state={state} />
          {shown(items).length === 0 && <Empty title={`No delivery of it is ${state}.`} />}
          <ul className="space-y-3">
            {shown(items).map((each) => (
              <DeliveryCard
                key={each.delivery.id}
                tenant={tenant}
                tried={each}
                endpoint={endpoints.find(({ id }) => id === each.delivery.endpoint_id)}
              />
            ))}
          </ul>
        </>
      )}
    </List>
  );
}

function isSettled({ delivery: { state } }: TriedDelivery): boolean {
  return state !== "pending" && state !== "retrying";
}

function NoDeliveries() {
  return (
    <Empty title="No endpoint was owed this event.">
      <p>
        An endpoint is owed what is accepted after it was created, while it is enabled, if its event types and
        its contract&apos;s catalogue name the type.
      </p>
    </Empty>
  );
}

/** Whoever came for one delivery, which the address names, gets to it, however many there are. */
function useLookedFor({ items, query }: Listed<TriedDelivery>): void {
  const wanted = useLocation({ select: ({ hash }) => hash });
  const isMissing = wanted.startsWith("dlv_") && !items.some(({ delivery: { id } }) => id === wanted);
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  useEffect(() => {
    if (isMissing && hasNextPage && !isFetchingNextPage && !isFetchNextPageError) {
      void fetchNextPage();
    }
  }, [isMissing, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
}

/** With fewer one sees them all at once. */
const CHOSEN_FROM_MIN = 5;

interface StatesProps {
  readonly tenant: string;
  readonly event: string;
  readonly list: Listed<TriedDelivery>;
  readonly state: Delivery["state"] | undefined;
}

/** How many deliveries are in which state, and a way to see those alone. */
function States({ tenant, event, list: { items, query }, state }: StatesProps) {
  if (items.length < CHOSEN_FROM_MIN) {
    return null;
  }
  const counts = Map.groupBy(items, ({ delivery }) => delivery.state);
  return (
    <nav aria-label="States" className="mb-3 flex flex-wrap gap-1.5">
      {[undefined, ...DELIVERY_STATES.filter((each) => each === state || counts.has(each))].map((each) => (
        <Link
          key={each ?? "all"}
          to="/t/$tenant/events/$event"
          params={{ tenant, event }}
          search={{ state: each }}
          activeOptions={{ exact: true, includeHash: false }}
          className="button button-small"
        >
          {each ?? "all"}{" "}
          <span className="tabular-nums">
            {countText(
              each === undefined ? items.length : (counts.get(each)?.length ?? 0),
              query.hasNextPage,
            )}
          </span>
        </Link>
      ))}
    </nav>
  );
}
