import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { DeliveryTable } from "../parts/delivery-table.tsx";
import { Figures } from "../parts/figures.tsx";
import { Happenings } from "../parts/happenings.tsx";
import { statusOf } from "../parts/lane.ts";
import { Empty, Page } from "../parts/page.tsx";
import { List, useList } from "../parts/pages.tsx";
import { StandingNow } from "../parts/standing.tsx";
import { TroubledList } from "../parts/troubled.tsx";
import { api } from "../session.ts";
import { DEFAULT_RANGE } from "../text/figures.ts";

export function OverviewScreen() {
  const { tenant } = useParams({ from: "/t/$tenant/overview" });
  const { range = DEFAULT_RANGE } = useSearch({ from: "/t/$tenant/overview" });
  const counted = {
    tenant,
    readStats: async (query: Parameters<typeof api.getStats>[1]) => await api.getStats(tenant, query),
    readStanding: async () => await api.getStanding(tenant),
  };
  return (
    <Page title="Overview" about="How it goes, what needs somebody, and what happens now.">
      <StandingNow {...counted} />
      <h2 className="mt-6 mb-2 text-base font-semibold">Endpoints that need attention</h2>
      <Troubled tenant={tenant} />
      <Figures {...counted} range={range} teach={<Teach tenant={tenant} />} />
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

function Teach({ tenant }: TenantProps) {
  return (
    <p>
      An event is counted when it is accepted, a delivery when it is tried and when it has ended. How often
      they get there and how long it takes is here some seconds later. Send one from{" "}
      <Link to="/t/$tenant/playground" params={{ tenant }} className="link underline">
        the playground
      </Link>
      , or look further back.
    </p>
  );
}

function Troubled({ tenant }: TenantProps) {
  const readPage = async (cursor: string | undefined) => {
    const page = await api
      .listEndpoints(tenant, { only: "troubled", include: "lane", limit: 100 })
      .page(cursor);
    const data = page.data
      .map(statusOf)
      .filter((endpoint) => endpoint !== undefined)
      .map((endpoint) => ({ tenant, endpoint }));
    return { ...page, data };
  };
  return (
    <TroubledList
      tenant={tenant}
      readPage={readPage}
      allWell={<AllWell tenant={tenant} />}
      others={
        <Link to="/t/$tenant/endpoints" params={{ tenant }} className="link underline">
          See all endpoints
        </Link>
      }
    />
  );
}

function AllWell({ tenant }: TenantProps) {
  const first = useQuery({
    queryKey: ["first-endpoint", tenant],
    queryFn: async () => (await api.listEndpoints(tenant, { limit: 1 }).page()).data.length > 0,
  });
  if (first.data !== false) {
    return <Empty title="All is well: no endpoint is held, failing, stopped, paused or disabled." />;
  }
  return (
    <Empty title="There are no endpoints yet.">
      <Link to="/t/$tenant/endpoints/new" params={{ tenant }} className="link">
        Make the first
      </Link>
    </Empty>
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
