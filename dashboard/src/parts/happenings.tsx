import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { listen } from "../live.ts";
import { serverNow } from "../server-clock.ts";
import { type Happening, happeningOf } from "../text/happening.ts";
import { countText } from "../text/times.ts";
import { Ago } from "./ago.tsx";
import { Badge } from "./badge.tsx";
import { Empty } from "./page.tsx";
import { useEndpoints } from "./use-endpoints.ts";

const SHOWN_MAX = 20;
/** However much happens, it is shown no oftener than this. */
const EVERY_MS = 500;

interface Seen {
  readonly latest: readonly Happening[];
  /** How much was told since the screen was opened, and what was more than can be told. */
  readonly told: number;
}

/** What the live stream says, newest first, since the screen was opened. */
export function Happenings({ tenant }: { readonly tenant: string }) {
  const { latest, told } = useHappenings();
  const { endpoints } = useEndpoints(tenant);
  if (latest.length === 0) {
    return (
      <Empty title="Nothing since you came.">
        <p>An event that is accepted, each attempt, and what a lane does appear here by themselves.</p>
      </Empty>
    );
  }
  return (
    <>
      <ol aria-label="What happens now" className="panel divide-y divide-line">
        {latest.map(({ number, tone, what, about, event, endpoint, at }) => (
          <li key={number} className="flex flex-wrap items-center gap-x-3 px-4 py-1.5">
            <Badge tone={tone}>{what}</Badge>
            {event === undefined ? (
              <span>{about}</span>
            ) : (
              <Link
                to="/t/$tenant/events/$event"
                params={{ tenant, event }}
                className="link font-medium break-all"
              >
                {about}
              </Link>
            )}
            {endpoint !== undefined && (
              <Link
                to="/t/$tenant/endpoints/$endpoint"
                params={{ tenant, endpoint }}
                className="link min-w-0 truncate text-[12px]"
              >
                {endpoints.find(({ id }) => id === endpoint)?.url ?? endpoint}
              </Link>
            )}
            <span className="ml-auto text-muted">
              <Ago at={at} />
            </span>
          </li>
        ))}
      </ol>
      {told > latest.length && (
        <p className="mt-2 text-muted">
          The latest {latest.length} of {countText(told)}.
        </p>
      )}
    </>
  );
}

function useHappenings(): Seen {
  const [seen, setSeen] = useState<Seen>({ latest: [], told: 0 });
  useEffect(() => {
    let latest: readonly Happening[] = [];
    let told = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      timer = undefined;
      setSeen({ latest, told });
    };
    const stop = listen((message) => {
      const happening = happeningOf(message, { number: told, at: new Date(serverNow()).toISOString() });
      if (happening !== undefined) {
        told += message.kind === "left_out" ? message.count : 1;
        latest = [happening, ...latest].slice(0, SHOWN_MAX);
        timer ??= setTimeout(show, EVERY_MS);
      }
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, []);
  return seen;
}
