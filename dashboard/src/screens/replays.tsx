import { Link, useParams } from "@tanstack/react-router";
import { Empty, Page } from "../parts/page.tsx";
import { List, useList } from "../parts/pages.tsx";
import { ReplayCard } from "../parts/replay-card.tsx";
import { api } from "../session.ts";

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
