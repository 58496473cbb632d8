import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { DeliveryTable } from "../parts/delivery-table.tsx";
import { FilterBar } from "../parts/filter-bar.tsx";
import { Empty, Page } from "../parts/page.tsx";
import { List, useList } from "../parts/pages.tsx";
import { api } from "../session.ts";
import { DELIVERY_STATES } from "../text/states.ts";

export function DeliveriesScreen() {
  const { tenant } = useParams({ from: "/t/$tenant/deliveries" });
  const filters = useSearch({ from: "/t/$tenant/deliveries" });
  const { state, ...others } = filters;
  const navigate = useNavigate({ from: "/t/$tenant/deliveries" });
  const list = useList(
    ["deliveries", tenant, filters],
    async (cursor) => await api.listDeliveries(tenant, { ...filters, limit: 50 }).page(cursor),
    10_000,
  );
  return (
    <Page
      title="Deliveries"
      about="Each event owed to each endpoint: what happened, why, and what comes next."
    >
      <States tenant={tenant} others={others} />
      <FilterBar
        names={["type", "endpoint"]}
        filters={others}
        onChange={(search) => void navigate({ search: { ...search, state } })}
      />
      <List
        list={list}
        empty={
          <Empty title={state === undefined ? "No deliveries yet." : `No delivery is ${state}.`}>
            {state === undefined ? (
              <p>
                They come of events and endpoints.{" "}
                <Link to="/t/$tenant/endpoints/new" params={{ tenant }} className="link underline">
                  Create an endpoint
                </Link>
                : it is owed every event of its types that is accepted from then on.
              </p>
            ) : (
              <Link to="/t/$tenant/deliveries" params={{ tenant }} search={others} className="link underline">
                See those of every state
              </Link>
            )}
          </Empty>
        }
      >
        {(deliveries) => <DeliveryTable tenant={tenant} deliveries={deliveries} />}
      </List>
    </Page>
  );
}

interface StatesProps {
  readonly tenant: string;
  readonly others: { readonly endpoint?: string | undefined; readonly type?: string | undefined };
}

function States({ tenant, others }: StatesProps) {
  return (
    <nav aria-label="States" className="mb-3 flex flex-wrap gap-1.5">
      {[undefined, ...DELIVERY_STATES].map((each) => (
        <Link
          key={each ?? "all"}
          to="/t/$tenant/deliveries"
          params={{ tenant }}
          search={{ ...others, state: each }}
          activeOptions={{ exact: true }}
          className="button button-small"
        >
          {each ?? "all"}
        </Link>
      ))}
    </nav>
  );
}
