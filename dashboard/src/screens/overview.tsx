import type { EndpointStatus, ListedEndpoint } from "@posthorn/client/operations";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { StateBadge } from "../parts/badge.tsx";
import { DeliveryTable } from "../parts/delivery-table.tsx";
import { Explanation } from "../parts/explanation.tsx";
import { Failure } from "../parts/failure.tsx";
import { Happenings } from "../parts/happenings.tsx";
import { healthOf, statusOf } from "../parts/lane.ts";
import { LaneActions } from "../parts/lane-actions.tsx";
import { Empty, Loading, Page } from "../parts/page.tsx";
import { List, useList } from "../parts/pages.tsx";
import { api } from "../session.ts";
import { countText } from "../text/times.ts";

export function OverviewScreen() {
  const { tenant } = useParams({ from: "/t/$tenant/overview" });
  return (
    <Page title="Overview" about="What needs somebody, and what happens now.">
      <h2 className="mb-2 text-base font-semibold">Endpoints that need attention</h2>
      <Troubled tenant={tenant} />
      <h2 className="mt-6 mb-2 text-base font-semibold">Latest dead letters</h2>
      <LatestDead tenant={tenant} />
      <h2 className="mt-6 mb-2 text-base font-semibold">What happens now</h2>
      <Happenings key={tenant} tenant={tenant} />
    </Page>
  );
}

interface TenantProps {
  readonly tenant: string;
}

// How an endpoint's deliveries go costs a few reads: what is older has its row in the list of endpoints.
const LOOKED_AT_MAX = 300;

interface Survey {
  readonly all: number;
  readonly isPartial: boolean;
  readonly troubled: readonly EndpointStatus[];
}

async function survey(tenant: string): Promise<Survey> {
  const seen: ListedEndpoint[] = [];
  const done = (isPartial: boolean): Survey => ({
    all: seen.length,
    isPartial,
    troubled: seen
      .map(statusOf)
      .filter((status) => status !== undefined)
      .filter((status) => healthOf(status) !== "enabled"),
  });
  for await (const endpoint of api.listEndpoints(tenant, { include: "lane", limit: 100 })) {
    if (seen.length === LOOKED_AT_MAX) {
      return done(true);
    }
    seen.push(endpoint);
  }
  return done(false);
}

/** Endpoints that are held, failing, stopped, disabled or paused: why, and the ways out. */
function Troubled({ tenant }: TenantProps) {
  const query = useQuery({
    queryKey: ["overview", { tenant }],
    queryFn: async () => await survey(tenant),
    refetchInterval: 5000,
  });
  if (query.data === undefined) {
    return query.isPending ? (
      <Loading />
    ) : (
      <Failure error={query.error} onRetry={() => void query.refetch()} />
    );
  }
  const { all, isPartial, troubled } = query.data;
  return (
    <>
      {troubled.length === 0 ? (
        <AllWell tenant={tenant} all={all} />
      ) : (
        <ul className="space-y-3">
          {troubled.map((endpoint) => (
            <TroubledEndpoint key={endpoint.id} tenant={tenant} endpoint={endpoint} />
          ))}
        </ul>
      )}
      {isPartial && (
        <p className="mt-2 text-muted">
          These are of the newest {countText(all)} endpoints.{" "}
          <Link to="/t/$tenant/endpoints" params={{ tenant }} className="link">
            See all
          </Link>
        </p>
      )}
    </>
  );
}

function AllWell({ tenant, all }: TenantProps & { readonly all: number }) {
  if (all > 0) {
    return (
      <Empty title={`All is well with ${all === 1 ? "the one endpoint" : `${countText(all)} endpoints`}.`} />
    );
  }
  return (
    <Empty title="There are no endpoints yet.">
      <Link to="/t/$tenant/endpoints/new" params={{ tenant }} className="link">
        Make the first
      </Link>
    </Empty>
  );
}

function TroubledEndpoint({ tenant, endpoint }: TenantProps & { readonly endpoint: EndpointStatus }) {
  const { id, url, lane } = endpoint;
  return (
    <li className="panel p-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <StateBadge state={healthOf(endpoint)} />
        <Link
          to="/t/$tenant/endpoints/$endpoint"
          params={{ tenant, endpoint: id }}
          className="link min-w-0 truncate font-medium"
          data-row=""
        >
          {url}
        </Link>
        <span className="text-muted">{countText(lane.waiting, lane.waiting_is_at_least)} waiting</span>
        <span className="ml-auto flex flex-wrap gap-2">
          <LaneActions tenant={tenant} endpoint={endpoint} />
        </span>
      </div>
      <div className="mt-2">
        <Explanation endpoint={endpoint} />
      </div>
    </li>
  );
}

function LatestDead({ tenant }: TenantProps) {
  const list = useList(
    ["dead", tenant, "latest"],
    async () => ({
      ...(await api.listDeliveries(tenant, { state: "dead", limit: 5 }).page()),
      next_cursor: null,
    }),
    5000,
  );
  return (
    <List list={list} empty={<Empty title="No dead letters among the latest deliveries." />}>
      {(deliveries) => (
        <>
          <DeliveryTable tenant={tenant} deliveries={deliveries} />
          <p className="mt-2">
            <Link to="/t/$tenant/dead-letters" params={{ tenant }} className="link">
              All dead letters
            </Link>
          </p>
        </>
      )}
    </List>
  );
}
