import type { InstallationStanding, Stats } from "@posthorn/client/operations";
import { useQuery } from "@tanstack/react-query";
import { serverNow } from "../server-clock.ts";
import { perSecond, rateText } from "../text/figures.ts";
import { countText } from "../text/times.ts";
import { HowLong } from "./ago.tsx";
import { ReadFailure } from "./failure.tsx";
import { Loading } from "./page.tsx";
import { Tile, Tiles } from "./tiles.tsx";

const LATEST_MS = 5 * 60_000;

/** Where counts are read: of a tenant, or of all together. */
export interface Counted {
  /** Undefined: of all. */
  readonly tenant: string | undefined;
  readonly readStats: (query: {
    readonly since: string;
    readonly resolution: Stats["resolution"];
  }) => Promise<Stats>;
  readonly readStanding: () => Promise<InstallationStanding>;
}

/** How it goes at this moment: rates of the last five minutes, what waits, what is on its way. */
export function StandingNow({ tenant, readStats, readStanding }: Counted) {
  const query = useQuery({
    queryKey: ["standing", { tenant }],
    queryFn: async () => {
      const since = new Date(serverNow() - LATEST_MS).toISOString();
      const [latest, standing] = await Promise.all([
        readStats({ since, resolution: "minute" }),
        readStanding(),
      ]);
      return { latest, standing };
    },
    refetchInterval: 5000,
  });
  if (query.data === undefined) {
    return query.isPending ? <Loading /> : <ReadFailure query={query} />;
  }
  const { latest, standing } = query.data;
  return (
    <>
      <ReadFailure query={query} />
      <Now latest={latest} standing={standing} />
      {standing.is_partial === true && (
        <p className="mt-2 text-muted">
          What is due, on its way and waiting is what the node knows that answers you. Other nodes deliver,
          too, and what they have is not in it; the rates are of all.
        </p>
      )}
    </>
  );
}

function Now({ latest, standing }: { readonly latest: Stats; readonly standing: InstallationStanding }) {
  const { accepted, delivered, replayed } = latest.total;
  const { oldest_due_at, in_flight, deliveries_waiting_at_least, endpoints_waiting } = standing;
  const { lanes_held, lanes_stopped } = standing;
  const endpoints = endpoints_waiting === 1 ? "one endpoint" : `${countText(endpoints_waiting)} endpoints`;
  return (
    <Tiles>
      <Tile name="Accepted" hint="in the last five minutes">
        {rateText(perSecond(accepted, latest))}
      </Tile>
      <Tile
        name="Delivered"
        hint={replayed === 0 ? "in the last five minutes" : `and ${countText(replayed)} by replays`}
      >
        {rateText(perSecond(delivered, latest))}
      </Tile>
      <Tile name="Oldest due" hint="What is held or paused is not due.">
        {oldest_due_at === null ? "none" : <HowLong since={oldest_due_at} />}
      </Tile>
      <Tile name="In flight" hint="requests on their way">
        {countText(in_flight)}
      </Tile>
      <Tile name="Waiting" hint={`in memory, for ${endpoints}`}>
        {countText(deliveries_waiting_at_least)}
      </Tile>
      <Tile
        name="Lanes held"
        hint={lanes_stopped === 0 ? "none is stopped" : `${countText(lanes_stopped)} stopped`}
      >
        {countText(lanes_held)}
      </Tile>
    </Tiles>
  );
}
