import type { Event } from "@posthorn/client/operations";
import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { Ago } from "../parts/ago.tsx";
import { Curl } from "../parts/command.tsx";
import { EventDeliveries } from "../parts/event-deliveries.tsx";
import { Failure } from "../parts/failure.tsx";
import { JsonView } from "../parts/json-view.tsx";
import { Empty, type Fact, Facts, Loading, Page } from "../parts/page.tsx";
import { Renderings } from "../parts/renderings.tsx";
import { Unmatched } from "../parts/unmatched.tsx";
import { readEvent } from "../session.ts";
import { sizeText } from "../text/times.ts";

export function EventScreen() {
  const { tenant, event: id } = useParams({ from: "/t/$tenant/events/$event" });
  const { state } = useSearch({ from: "/t/$tenant/events/$event" });
  const query = useQuery({
    queryKey: ["event", tenant, id],
    queryFn: async () => await readEvent(tenant, id),
    staleTime: 60_000,
  });
  if (query.data === undefined) {
    return (
      <Page title="Event">
        {query.isPending ? <Loading /> : <Failure error={query.error} onRetry={() => void query.refetch()} />}
      </Page>
    );
  }
  const { event, dataText } = query.data;
  return (
    <Page title={event.type} about={<code className="break-all">{event.id}</code>}>
      <div className="panel mb-5 p-4">
        <Facts
          facts={[
            ["Accepted", <Ago key="accepted" at={event.accepted_at} />],
            ["Occurred", <Ago key="occurred" at={event.occurred_at} />],
            subjectOf(event),
            ["Size", sizeText(event.data_bytes)],
            ["For", event.to === null ? "subscribers" : <code>{event.to}</code>],
            ["Expires", <Ago key="expires" at={event.expires_at} />],
          ]}
        />
        <Curl call={{ method: "GET", path: `/v1/tenants/${tenant}/events/${event.id}` }} />
      </div>
      <h2 className="mb-2 text-base font-semibold">Deliveries</h2>
      <EventDeliveries tenant={tenant} event={event.id} state={state} />
      <Unmatched tenant={tenant} event={event.id} type={event.type} />
      <h2 className="mt-6 mb-2 text-base font-semibold">Data</h2>
      {dataText === undefined ? (
        <Empty
          title={
            event.is_withheld ? "Who is signed in may not see what it says." : "What it said was erased."
          }
        />
      ) : (
        <>
          <JsonView text={dataText} label="data of the event" />
          <Renderings tenant={tenant} event={event.id} />
        </>
      )}
    </Page>
  );
}

// What is no longer than that has room where every fact has.
const SHORT_MAX = 20;

function subjectOf({ subject }: Event): Fact {
  const text = subject ?? <span className="text-muted">none</span>;
  return (subject ?? "").length > SHORT_MAX ? ["Subject", text, true] : ["Subject", text];
}
