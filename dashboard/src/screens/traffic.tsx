import { Link, useSearch } from "@tanstack/react-router";
import { Figures } from "../parts/figures.tsx";
import { Empty, Page } from "../parts/page.tsx";
import { StandingNow } from "../parts/standing.tsx";
import { TroubledList } from "../parts/troubled.tsx";
import { api } from "../session.ts";
import { DEFAULT_RANGE } from "../text/figures.ts";

const counted = {
  tenant: undefined,
  readStats: async (query: Parameters<typeof api.getInstallationStats>[0]) =>
    await api.getInstallationStats(query),
  readStanding: async () => await api.getInstallationStanding(),
};

async function readTroubled(cursor: string | undefined) {
  const page = await api.listTroubledEndpoints({ limit: 100 }).page(cursor);
  return { ...page, data: page.data.map((endpoint) => ({ tenant: endpoint.tenant, endpoint })) };
}

/** How all tenants together do, for whoever runs the installation. */
export function TrafficScreen() {
  const { range = DEFAULT_RANGE } = useSearch({ from: "/traffic" });
  return (
    <Page
      title="All traffic"
      about="How all tenants together do, the operator's own among them, and which endpoints need somebody."
    >
      <StandingNow {...counted} />
      <h2 className="mt-6 mb-2 text-base font-semibold">Endpoints that need attention</h2>
      <TroubledList
        tenant={undefined}
        readPage={readTroubled}
        allWell={
          <Empty title="All is well: no endpoint of any tenant is held, failing or stopped.">
            <p>What a tenant has paused or disabled is on its own overview.</p>
          </Empty>
        }
      />
      <Figures
        {...counted}
        range={range}
        teach={
          <p>
            Whatever any tenant&apos;s events come to is counted here together, some seconds later. Choose one
            of{" "}
            <Link to="/tenants" className="link underline">
              the tenants
            </Link>{" "}
            to send for it, or look further back.
          </p>
        }
      />
    </Page>
  );
}
