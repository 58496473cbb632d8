import type { Replay } from "@posthorn/client/operations";
import { Link, useParams } from "@tanstack/react-router";
import { Action } from "../parts/action.tsx";
import { Ago } from "../parts/ago.tsx";
import { StateBadge } from "../parts/badge.tsx";
import { Empty, Page } from "../parts/page.tsx";
import { List, useList } from "../parts/pages.tsx";
import { api } from "../session.ts";
import { wordsOf } from "../text/strip.ts";

export function ReplaysScreen() {
  const { tenant } = useParams({ from: "/t/$tenant/replays" });
  const list = useList(
    ["replays", tenant],
    async (cursor) => await api.listReplays(tenant, { limit: 25 }).page(cursor),
    3000,
  );
  return (
    <Page
      title="Replays"
      about="Old events delivered again because a person asked for it, a range at a time."
    >
      <List
        list={list}
        empty={
          <Empty title="No replays yet.">
            <p>
              Replay what died from{" "}
              <Link to="/t/$tenant/dead-letters" params={{ tenant }} className="link underline">
                Dead letters
              </Link>
              , or recover what an endpoint missed from{" "}
              <Link to="/t/$tenant/endpoints" params={{ tenant }} className="link underline">
                Endpoints
              </Link>
              . A replay goes on after a restart where it was.
            </p>
          </Empty>
        }
      >
        {(replays) => (
          <ul className="space-y-3">
            {replays.map((replay) => (
              <ReplayCard key={replay.id} tenant={tenant} replay={replay} />
            ))}
          </ul>
        )}
      </List>
    </Page>
  );
}

function ReplayCard({ tenant, replay }: { readonly tenant: string; readonly replay: Replay }) {
  const { state, only, since, until, position, matched, delivered, failed, passed_over, reason, rate } =
    replay;
  const [from, to, at] = [since, until, position].map((time) => Date.parse(time));
  const isOver = state === "finished";
  const share = isOver
    ? 1
    : Math.max(0, Math.min(1, ((at ?? 0) - (from ?? 0)) / Math.max(1, (to ?? 0) - (from ?? 0))));
  return (
    <li className="panel p-4">
      <div className="flex flex-wrap items-center gap-3">
        <StateBadge state={state} />
        <span className="font-medium">
          {only === "all" ? "everything" : only} <span className="text-muted">to</span>{" "}
          <code className="text-[12px]">{replay.to_endpoint_id}</code>
        </span>
        {rate !== null && <span className="text-muted">{rate} a second</span>}
        <span className="ml-auto flex gap-2">
          <ReplayActions tenant={tenant} replay={replay} />
        </span>
      </div>
      <progress
        aria-label="how far it is"
        className="mt-3 h-1.5 w-full accent-(--accent)"
        max={1}
        value={share}
      />
      <p className="mt-1 text-muted tabular-nums">
        {delivered.toLocaleString("en")} of {matched.toLocaleString("en")} delivered
        {failed > 0 && `, ${failed.toLocaleString("en")} failed`}
        {passed_over > 0 && `, ${passed_over.toLocaleString("en")} gone meanwhile`}
        {reason !== null && `, ${wordsOf(reason)}`}
        {" · asked for "}
        <Ago at={replay.created_at} />
      </p>
    </li>
  );
}

function ReplayActions({
  tenant,
  replay: { id, state },
}: {
  readonly tenant: string;
  readonly replay: Replay;
}) {
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
