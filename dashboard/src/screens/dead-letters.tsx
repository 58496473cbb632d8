import type { Replay, ReplayCount } from "@posthorn/client/operations";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { Dialog, DialogButtons } from "../parts/action.tsx";
import { Command, Curl } from "../parts/command.tsx";
import { DeliveryTable } from "../parts/delivery-table.tsx";
import { Failure } from "../parts/failure.tsx";
import { Field } from "../parts/field.tsx";
import { FilterBar } from "../parts/filter-bar.tsx";
import { Empty, Loading, Page } from "../parts/page.tsx";
import { List, useList } from "../parts/pages.tsx";
import { useMay } from "../parts/permission.ts";
import { useEndpoints } from "../parts/use-endpoints.ts";
import { isPortal, serverUrl } from "../place.ts";
import { serverNow } from "../server-clock.ts";
import { api } from "../session.ts";
import { curlText } from "../text/curl.ts";
import { countText } from "../text/times.ts";

export function DeadLettersScreen() {
  const { tenant } = useParams({ from: "/t/$tenant/dead-letters" });
  const filters = useSearch({ from: "/t/$tenant/dead-letters" });
  const { endpoint, since, until } = filters;
  const navigate = useNavigate({ from: "/t/$tenant/dead-letters" });
  const [isAsking, setAsking] = useState(false);
  const list = useList(
    ["dead", tenant, filters],
    async (cursor) => await api.listDeliveries(tenant, { ...filters, state: "dead", limit: 50 }).page(cursor),
    5000,
  );
  const mayReplay = useMay({ method: "POST", path: `/v1/tenants/${tenant}/replays` });
  return (
    <Page
      title="Dead letters"
      about="Deliveries that were given up after their last attempt. Mend the receiver, then replay them."
      actions={
        mayReplay && (
          <button
            type="button"
            className="button button-main"
            disabled={endpoint === undefined}
            title={endpoint === undefined ? "Choose an endpoint first" : undefined}
            data-replay=""
            onClick={() => setAsking(true)}
          >
            Replay all of an endpoint
          </button>
        )
      }
    >
      <EndpointChoice
        tenant={tenant}
        endpoint={endpoint}
        onChange={(chosen) => void navigate({ search: { ...filters, endpoint: chosen } })}
      />
      <FilterBar
        names={["since", "until"]}
        filters={{ since, until }}
        onChange={(range) => void navigate({ search: { endpoint, ...range } })}
      />
      <List
        list={list}
        empty={<NoDeadLetters tenant={tenant} isFiltered={Object.values(filters).some(isGiven)} />}
      >
        {(deliveries) => <DeliveryTable tenant={tenant} deliveries={deliveries} />}
      </List>
      {isAsking && endpoint !== undefined && (
        <BulkReplay
          tenant={tenant}
          endpoint={endpoint}
          since={since}
          until={until}
          onClose={() => setAsking(false)}
        />
      )}
    </Page>
  );
}

function isGiven(value: string | undefined): boolean {
  return value !== undefined;
}

interface NoDeadLettersProps {
  readonly tenant: string;
  readonly isFiltered: boolean;
}

function NoDeadLetters({ tenant, isFiltered }: NoDeadLettersProps) {
  if (isFiltered) {
    return <Empty title="No dead letters like this.">Look without the endpoint or the range of time.</Empty>;
  }
  const call = { method: "GET", path: `/v1/tenants/${tenant}/deliveries?state=dead` } as const;
  return (
    <Empty title="No dead letters.">
      <p>A delivery comes here when every attempt of its schedule has failed. So far none has.</p>
      {isPortal ? (
        <Link to="/t/$tenant/deliveries" params={{ tenant }} className="link underline">
          See every delivery
        </Link>
      ) : (
        <Command text={curlText(serverUrl, call)} label="curl command" />
      )}
    </Empty>
  );
}

interface EndpointChoiceProps {
  readonly tenant: string;
  readonly endpoint: string | undefined;
  readonly onChange: (endpoint: string | undefined) => void;
}

function EndpointChoice({ tenant, endpoint, onChange }: EndpointChoiceProps) {
  const { endpoints, isPartial } = useEndpoints(tenant);
  const isListed = endpoint === undefined || endpoints.some(({ id }) => id === endpoint);
  return (
    <div className="mb-4 max-w-xl">
      <Field
        label="Endpoint"
        hint={
          isPartial
            ? `The newest ${countText(endpoints.length)} are here. Others have a link on their own screen.`
            : endpoint === undefined && "Choose one to replay all that died of it at once."
        }
      >
        {(given) => (
          <select
            {...given}
            className="input"
            value={endpoint ?? ""}
            onChange={({ target }) => onChange(target.value === "" ? undefined : target.value)}
          >
            <option value="">All</option>
            {!isListed && <option value={endpoint}>{endpoint}</option>}
            {endpoints.map(({ id, url }) => (
              <option key={id} value={id}>
                {url}
              </option>
            ))}
          </select>
        )}
      </Field>
    </div>
  );
}

// Before Posthorn was: whatever is still stored.
const EVER = "2020-01-01T00:00:00Z";

interface BulkReplayProps {
  readonly tenant: string;
  readonly endpoint: string;
  /** Of events accepted then. Default: of all that are stored. */
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly onClose: () => void;
}

/** Counts first, then replays exactly that, as a job with progress that can be paused. */
function BulkReplay({ tenant, endpoint, since, until: end, onClose }: BulkReplayProps) {
  const queries = useQueryClient();
  const [rate, setRate] = useState("");
  const [until] = useState(() => end ?? new Date(serverNow()).toISOString());
  const body = { endpoint, since: since ?? EVER, until, only: "dead" } as const;
  const asked = { ...body, ...(rate === "" ? {} : { rate: Number(rate) }) };
  const counted = useQuery({
    queryKey: ["replay-count", tenant, body],
    queryFn: async () => countIn(await api.createReplay(tenant, { ...body, dry_run: true })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const start = useMutation({
    mutationFn: async () => await api.createReplay(tenant, asked),
    onSuccess: async () => await queries.invalidateQueries(),
  });
  return (
    <Dialog title="Replay dead letters" onClose={onClose}>
      {counted.isPending && <Loading />}
      {counted.isError && <Failure error={counted.error} onRetry={() => void counted.refetch()} />}
      {counted.data !== undefined && !start.isSuccess && (
        <div className="space-y-3">
          <p>
            <strong>{countText(counted.data.count, counted.data.count_is_at_least)}</strong> will be sent
            again to this endpoint, oldest first, under the same ids.
          </p>
          <RateField rate={rate} onChange={setRate} />
          <Curl call={{ method: "POST", path: `/v1/tenants/${tenant}/replays`, body: asked }} />
        </div>
      )}
      {start.isError && <Failure error={start.error} isOfAction />}
      {start.isSuccess && (
        <p role="status">
          The replay has begun.{" "}
          <Link to="/t/$tenant/replays" params={{ tenant }} className="link">
            See how far it is
          </Link>
        </p>
      )}
      <DialogButtons isDone={start.isSuccess} onClose={onClose}>
        <button
          type="button"
          className="button button-main"
          disabled={counted.data === undefined || counted.data.count === 0 || start.isPending}
          onClick={() => start.mutate()}
        >
          Replay {counted.data === undefined ? "" : countText(counted.data.count)}
        </button>
      </DialogButtons>
    </Dialog>
  );
}

interface RateFieldProps {
  readonly rate: string;
  readonly onChange: (rate: string) => void;
}

function RateField({ rate, onChange }: RateFieldProps) {
  return (
    <Field label="At most, in a second" hint="Empty: as fast as others leave room.">
      {(given) => (
        <input
          {...given}
          className="input"
          type="number"
          min={1}
          value={rate}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}

function countIn(answer: ReplayCount | Replay): ReplayCount {
  if ("count" in answer) {
    return answer;
  }
  throw new TypeError("a dry run answers with a count");
}
