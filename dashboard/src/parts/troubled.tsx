import type { Page } from "@posthorn/client/call";
import type { EndpointStatus } from "@posthorn/client/operations";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { countText } from "../text/times.ts";
import { StateBadge } from "./badge.tsx";
import { Explanation } from "./explanation.tsx";
import { Failure } from "./failure.tsx";
import { byHealth, healthOf } from "./lane.ts";
import { LaneActions } from "./lane-actions.tsx";
import { Loading } from "./page.tsx";

/** Whoever has more than this to look after begins at the newest. */
const SHOWN_MAX = 100;
/** A page of a tenant looks at a thousand endpoints, and may have none of them. */
const PAGES_MAX = 10;

/** An endpoint that needs somebody, and whose it is. */
export interface Troubled {
  readonly tenant: string;
  readonly endpoint: EndpointStatus;
}

interface Survey {
  readonly found: readonly Troubled[];
  /** There may be more than were found. */
  readonly isPartial: boolean;
}

async function survey(readPage: (cursor: string | undefined) => Promise<Page<Troubled>>): Promise<Survey> {
  const found: Troubled[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < PAGES_MAX && found.length < SHOWN_MAX; pages += 1) {
    const { data, next_cursor } = await readPage(cursor);
    found.push(...data);
    if (next_cursor === null) {
      return { found: worstOf(found), isPartial: found.length > SHOWN_MAX };
    }
    cursor = next_cursor;
  }
  return { found: worstOf(found), isPartial: true };
}

function worstOf(found: readonly Troubled[]): readonly Troubled[] {
  return found.slice(0, SHOWN_MAX).toSorted((one, other) => byHealth(one.endpoint, other.endpoint));
}

interface TroubledListProps {
  /** Of the tenant; undefined: of all. */
  readonly tenant: string | undefined;
  readonly readPage: (cursor: string | undefined) => Promise<Page<Troubled>>;
  /** Shown where no endpoint needs anybody. */
  readonly allWell: ReactNode;
  /** Where the others are. */
  readonly others?: ReactNode;
}

/** Endpoints that are held, failing, stopped, disabled or paused: why, and the ways out. */
export function TroubledList({ tenant, readPage, allWell, others }: TroubledListProps) {
  const query = useQuery({
    // Not the tenant alone: however much happens there, it is read no oftener.
    queryKey: ["troubled", { tenant }],
    queryFn: async () => await survey(readPage),
    refetchInterval: 5000,
  });
  if (query.data === undefined) {
    return query.isPending ? (
      <Loading />
    ) : (
      <Failure error={query.error} onRetry={() => void query.refetch()} />
    );
  }
  const { found, isPartial } = query.data;
  return (
    <>
      {found.length === 0 && !isPartial ? (
        allWell
      ) : (
        <ul className="space-y-3">
          {found.map((each) => (
            <TroubledEndpoint key={each.endpoint.id} {...each} isNamed={tenant === undefined} />
          ))}
        </ul>
      )}
      {isPartial && (
        <p className="mt-2 text-muted">
          {found.length === 0
            ? "None of the newest endpoints does; there are more than were looked at."
            : `These are the newest ${countText(found.length)}; there may be more.`}{" "}
          {others}
        </p>
      )}
    </>
  );
}

function TroubledEndpoint({ tenant, endpoint, isNamed }: Troubled & { readonly isNamed: boolean }) {
  const { id, url, lane } = endpoint;
  return (
    <li className="panel p-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <StateBadge state={healthOf(endpoint)} />
        {isNamed && (
          <Link to="/t/$tenant/overview" params={{ tenant }} className="link">
            {tenant}
          </Link>
        )}
        <span className="flex min-w-0 flex-1 basis-40 gap-x-3">
          <Link
            to="/t/$tenant/endpoints/$endpoint"
            params={{ tenant, endpoint: id }}
            className="link truncate font-medium"
            title={url}
            data-row=""
          >
            {url}
          </Link>
        </span>
        <span className="text-muted">{countText(lane.waiting, lane.waiting_is_at_least)} waiting</span>
        <span className="ml-auto flex flex-wrap gap-2">
          <LaneActions tenant={tenant} endpoint={endpoint} />
        </span>
      </div>
      <div className="mt-2">
        <Explanation tenant={tenant} endpoint={endpoint} />
      </div>
    </li>
  );
}
