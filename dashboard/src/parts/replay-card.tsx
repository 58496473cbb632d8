import type { Replay } from "@posthorn/client/operations";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../session.ts";
import { foundIn, replayShare, settledIn } from "../text/replay-share.ts";
import { wordsOf } from "../text/strip.ts";
import { countText } from "../text/times.ts";
import { Action } from "./action.tsx";
import { Ago } from "./ago.tsx";
import { StateBadge } from "./badge.tsx";
import { useMay } from "./permission.ts";
import { useEndpoints } from "./use-endpoints.ts";

interface ReplayProps {
  readonly tenant: string;
  readonly replay: Replay;
}

/** What of the log is replayed, in words. */
const CHOSEN: Readonly<Record<Replay["only"], string>> = {
  all: "Everything",
  dead: "Dead letters",
  missed: "What was missed",
  undelivered: "What was not delivered",
};

/** A replay: what it delivers to whom, how far it is, and what can be done about it. */
export function ReplayCard({ tenant, replay }: ReplayProps) {
  const { state, only, types, failed, passed_over, reason, rate } = replay;
  const { endpoints } = useEndpoints(tenant);
  const total = useTotal(tenant, replay);
  const to = replay.to_endpoint_id;
  const ofTotal = state === "finished" ? foundIn(replay) : (total ?? foundIn(replay));
  return (
    <li className="panel p-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <StateBadge state={state} />
        <span className="min-w-0 font-medium break-words">
          {CHOSEN[only]} {types !== null && `of ${types.join(", ")} `}
          <span className="text-muted">to</span>{" "}
          <Link
            to="/t/$tenant/endpoints/$endpoint"
            params={{ tenant, endpoint: to }}
            className="link break-all"
            data-row=""
          >
            {endpoints.find(({ id }) => id === to)?.url ?? to}
          </Link>
        </span>
        <span className="ml-auto flex gap-2">
          <ReplayActions tenant={tenant} replay={replay} />
        </span>
      </div>
      <progress
        aria-label="how far it is"
        className="progress mt-3"
        max={1}
        value={replayShare(replay, total)}
      />
      <p className="mt-2 text-muted tabular-nums">
        {countText(replay.delivered)} of {countText(ofTotal)} delivered
        {failed > 0 && `, ${countText(failed)} failed`}
        {passed_over > 0 && `, ${countText(passed_over)} gone meanwhile`}
        {reason !== null && `, ${state} ${wordsOf(reason)}`}
        {rate !== null && ` · at most ${rate} a second`}
        {" · asked for "}
        <Ago at={replay.created_at} />
      </p>
    </li>
  );
}

/** How many deliveries a replay comes to. Undefined: nobody has counted, or they are too many to be. */
function useTotal(tenant: string, replay: Replay): number | undefined {
  const { id, endpoint_id, to_endpoint_id, since, until, only, types, state } = replay;
  const isOpen = state === "running" || state === "paused";
  const mayCount = useMay({ method: "POST", path: `/v1/tenants/${tenant}/replays` });
  const { data } = useQuery({
    // Not the tenant's own place: it is counted once.
    queryKey: ["replay-total", { tenant, id }],
    queryFn: async () => {
      const body = { endpoint: endpoint_id, to: to_endpoint_id, since, until, only, types, dry_run: true };
      const counted = await api.createReplay(tenant, body);
      if (!("count" in counted) || counted.count_is_at_least === true) {
        return null;
      }
      // What it has delivered to its own endpoint no longer counts.
      const isCountedStill = only === "all" || to_endpoint_id !== endpoint_id;
      return isCountedStill ? counted.count : counted.count + settledIn(replay) - replay.failed;
    },
    enabled: isOpen && mayCount,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data ?? undefined;
}

function ReplayActions({ tenant, replay: { id, state } }: ReplayProps) {
  const path = `/v1/tenants/${tenant}/replays/${id}`;
  return (
    <>
      <Action
        isOffered={state === "running"}
        label="Pause"
        about={<p>It stops where it is, and goes on from there when it is resumed.</p>}
        call={{ method: "POST", path: `${path}/pause` }}
        run={async () => await api.pauseReplay(tenant, id)}
      />
      <Action
        isOffered={state === "paused"}
        label="Resume"
        kind="main"
        about={<p>It goes on from where it stopped.</p>}
        call={{ method: "POST", path: `${path}/resume` }}
        run={async () => await api.resumeReplay(tenant, id)}
      />
      <Action
        isOffered={state === "running" || state === "paused"}
        label="Cancel"
        kind="bad"
        about={<p>It ends where it is. What it has delivered stays delivered.</p>}
        call={{ method: "POST", path: `${path}/cancel` }}
        run={async () => await api.cancelReplay(tenant, id)}
      />
    </>
  );
}
