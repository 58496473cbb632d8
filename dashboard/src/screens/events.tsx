import type { Event } from "@posthorn/client/operations";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import { Ago } from "../parts/ago.tsx";
import { Command } from "../parts/command.tsx";
import { FilterBar } from "../parts/filter-bar.tsx";
import { Empty, Page } from "../parts/page.tsx";
import { List, type Listed, useList } from "../parts/pages.tsx";
import { isPortal, serverUrl } from "../place.ts";
import { api } from "../session.ts";
import { idIn } from "../text/choices.ts";
import { curlText } from "../text/curl.ts";
import { DELIVERY_STATES } from "../text/states.ts";
import { sizeText } from "../text/times.ts";

export function EventsScreen() {
  const { tenant } = useParams({ from: "/t/$tenant/events" });
  const filters = useSearch({ from: "/t/$tenant/events" });
  const navigate = useNavigate({ from: "/t/$tenant/events" });
  const list = useList(
    ["events", tenant, filters],
    async (cursor) => await api.listEvents(tenant, { ...filters, limit: 100 }).page(cursor),
    10_000,
  );
  const isFiltered = Object.values(filters).some((value) => value !== undefined);
  return (
    <Page title="Events" about="What happened, newest first, as it was accepted.">
      <FilterBar
        names={["type", "subject", "key", "since", "until"]}
        filters={{ ...filters }}
        leading={["state", "tenant"]}
        onChange={({ state, tenant: other = tenant, ...search }) => {
          const id = idIn(search["type"] ?? "");
          if (id?.kind === "Event") {
            // Pasted from a log or a letter: no type is written so.
            void navigate({ to: "/t/$tenant/events/$event", params: { tenant: other, event: id.id } });
          } else if (state === undefined) {
            void navigate({ to: "/t/$tenant/events", params: { tenant: other }, search });
          } else {
            void navigate({
              to: "/t/$tenant/deliveries",
              params: { tenant: other },
              search: {
                state: DELIVERY_STATES.find((each) => each === state),
                ...(search["type"] === undefined ? {} : { type: search["type"] }),
              },
            });
          }
        }}
      />
      <List list={list} empty={<NoEvents tenant={tenant} isFiltered={isFiltered} />}>
        {() => <EventTable tenant={tenant} list={list} />}
      </List>
    </Page>
  );
}

function NoEvents({ tenant, isFiltered }: { readonly tenant: string; readonly isFiltered: boolean }) {
  if (isFiltered) {
    return <Empty title="No event fits.">Take a filter away, or look at a longer time.</Empty>;
  }
  if (isPortal) {
    return (
      <Empty title="No events yet.">
        <p>
          What happens appears here by itself. Meanwhile,{" "}
          <Link to="/t/$tenant/endpoints" params={{ tenant }} className="link underline">
            send a test to an endpoint
          </Link>
          .
        </p>
      </Empty>
    );
  }
  const body = { type: "invoice.paid", data: { id: 42 } };
  const path = `/v1/tenants/${tenant}/events`;
  return (
    <Empty title="No events yet.">
      <p>Your application hands them over like this; the Playground does it from here.</p>
      <Command text={curlText(serverUrl, { method: "POST", path, body })} label="curl command" />
    </Empty>
  );
}

const ROW_HEIGHT = 37;
const AHEAD = 12;

/** Only the rows that are seen are there, however many were read. */
function EventTable({ tenant, list }: { readonly tenant: string; readonly list: Listed<Event> }) {
  const { items } = list;
  const table = useRef<HTMLTableElement>(null);
  const virtual = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => ROW_HEIGHT,
    overscan: AHEAD,
    scrollMargin: table.current?.offsetTop ?? 0,
  });
  const rows = virtual.getVirtualItems();
  const above = (rows[0]?.start ?? 0) - virtual.options.scrollMargin;
  const below = virtual.getTotalSize() - (rows.at(-1)?.end ?? 0) + virtual.options.scrollMargin;
  const isAtEnd = (rows.at(-1)?.index ?? 0) >= items.length - AHEAD;
  useNextPage(list, isAtEnd);
  return (
    <div className="panel overflow-x-auto">
      <table ref={table} className="grid-table stacks">
        <thead>
          <tr>
            <th className="w-32">Accepted</th>
            <th>Type</th>
            <th>Subject</th>
            <th className="text-right!">Size</th>
          </tr>
        </thead>
        <tbody>
          {above > 0 && (
            <tr aria-hidden="true">
              <td colSpan={4} style={{ height: above, padding: 0 }} />
            </tr>
          )}
          {rows.map(
            ({ index }) =>
              items[index] && (
                <Row
                  key={items[index].id}
                  tenant={tenant}
                  event={items[index]}
                  index={index}
                  measure={virtual.measureElement}
                />
              ),
          )}
          {below > 0 && (
            <tr aria-hidden="true">
              <td colSpan={4} style={{ height: below, padding: 0 }} />
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

/** Reads on when somebody has come to the end. */
function useNextPage({ items, query }: Listed<Event>, isAtEnd: boolean): void {
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  // What failed is asked for again by a person: a server that is gone is not asked without a pause.
  const [failedAfter, setFailedAfter] = useState<number>();
  const hasFailed = isFetchNextPageError || failedAfter === items.length;
  useEffect(() => {
    if (isFetchNextPageError) {
      setFailedAfter(items.length);
    }
  }, [isFetchNextPageError, items.length]);
  useEffect(() => {
    if (isAtEnd && hasNextPage && !isFetchingNextPage && !hasFailed) {
      void fetchNextPage();
    }
  }, [isAtEnd, hasNextPage, isFetchingNextPage, hasFailed, fetchNextPage]);
}

interface RowProps {
  readonly tenant: string;
  readonly event: Event;
  readonly index: number;
  /** Is told how high the row is, which is not the same on each screen. */
  readonly measure: (row: HTMLTableRowElement | null) => void;
}

function Row({ tenant, event, index, measure }: RowProps) {
  return (
    <tr ref={measure} data-index={index}>
      <td className="text-muted">
        <Ago at={event.accepted_at} />
      </td>
      <td className="sm:max-w-96">
        <Link
          to="/t/$tenant/events/$event"
          params={{ tenant, event: event.id }}
          className="link block truncate font-medium"
          title={event.type}
          data-row=""
        >
          {event.type}
        </Link>
        {event.to !== null && <span className="ml-2 text-[12px] text-muted">to one endpoint</span>}
        {event.is_erased && <span className="ml-2 text-[12px] text-muted">erased</span>}
      </td>
      <td className="max-w-72 truncate">{event.subject ?? <span className="text-muted">none</span>}</td>
      <td className="text-right whitespace-nowrap text-muted tabular-nums">{sizeText(event.data_bytes)}</td>
    </tr>
  );
}
