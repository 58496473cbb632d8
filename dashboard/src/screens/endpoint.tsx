import type { EndpointStatus } from "@posthorn/client/operations";
import { Link, useParams } from "@tanstack/react-router";
import { Action } from "../parts/action.tsx";
import { Ago } from "../parts/ago.tsx";
import { StateBadge } from "../parts/badge.tsx";
import { Command } from "../parts/command.tsx";
import { DeliveryTable } from "../parts/delivery-table.tsx";
import { EndpointJson } from "../parts/endpoint-json.tsx";
import { EndpointPreview } from "../parts/endpoint-preview.tsx";
import { EndpointSettings } from "../parts/endpoint-settings.tsx";
import { Explanation } from "../parts/explanation.tsx";
import { Failure } from "../parts/failure.tsx";
import { healthOf } from "../parts/lane.ts";
import { LaneActions } from "../parts/lane-actions.tsx";
import { Empty, Facts, Loading, Page } from "../parts/page.tsx";
import { List, useList } from "../parts/pages.tsx";
import { useEndpoint } from "../parts/use-endpoint.ts";
import { api } from "../session.ts";
import { countText } from "../text/times.ts";

export function EndpointScreen() {
  const { tenant, endpoint: id } = useParams({ from: "/t/$tenant/endpoints/$endpoint" });
  const query = useEndpoint(tenant, id);
  if (query.data === undefined) {
    return (
      <Page title="Endpoint">
        {query.isPending ? <Loading /> : <Failure error={query.error} onRetry={() => void query.refetch()} />}
      </Page>
    );
  }
  const endpoint = query.data;
  return (
    <Page
      title={endpoint.url}
      about={<code className="break-all">{endpoint.id}</code>}
      actions={
        <>
          <LaneActions tenant={tenant} endpoint={endpoint} />
          <TestAction tenant={tenant} endpoint={endpoint} />
        </>
      }
    >
      <div className="panel mb-6 space-y-4 p-4">
        <div className="flex flex-wrap items-start gap-3">
          <StateBadge state={healthOf(endpoint)} />
          <div className="min-w-0 flex-1">
            <Explanation tenant={tenant} endpoint={endpoint} />
          </div>
        </div>
        <Facts
          facts={[
            ["Contract", endpoint.contract],
            ["Event types", endpoint.event_types?.join(", ") ?? "every type"],
            ["Waiting", countText(endpoint.lane.waiting, endpoint.lane.waiting_is_at_least)],
            ["Missed", countText(endpoint.missed, endpoint.missed_is_at_least)],
            ["Created", <Ago key="created" at={endpoint.created_at} />],
            ["Changed", <Ago key="changed" at={endpoint.updated_at} />],
          ]}
        />
      </div>
      <h2 className="mb-2 text-base font-semibold">Latest deliveries</h2>
      <Latest tenant={tenant} endpoint={endpoint} />
      <p className="mt-2">
        <Link to="/t/$tenant/dead-letters" params={{ tenant }} search={{ endpoint: id }} className="link">
          Its dead letters
        </Link>
      </p>
      <h2 className="mt-6 mb-2 text-base font-semibold">Secrets</h2>
      <Secrets tenant={tenant} endpoint={endpoint} />
      <h2 className="mt-6 mb-2 text-base font-semibold">Settings</h2>
      <EndpointSettings tenant={tenant} endpoint={endpoint} />
      <EndpointJson tenant={tenant} endpoint={endpoint} />
      <EndpointPreview tenant={tenant} endpoint={id} />
    </Page>
  );
}

interface EndpointProps {
  readonly tenant: string;
  readonly endpoint: EndpointStatus;
}

function TestAction({ tenant, endpoint: { id } }: EndpointProps) {
  return (
    <Action
      label="Send a test"
      about={<p>An event of the contract&apos;s own, or a test event, to this endpoint and no other.</p>}
      call={{ method: "POST", path: `/v1/tenants/${tenant}/endpoints/${id}/test` }}
      run={async () => await api.sendTest(tenant, id)}
      done={(event) => (
        <p role="status">
          Accepted:{" "}
          <Link to="/t/$tenant/events/$event" params={{ tenant, event: event.id }} className="link">
            watch it
          </Link>
        </p>
      )}
    />
  );
}

function Latest({ tenant, endpoint: { id } }: EndpointProps) {
  const list = useList(
    ["deliveries", tenant, { endpoint: id, latest: true }],
    async (cursor) => await api.listDeliveries(tenant, { endpoint: id, limit: 10 }).page(cursor),
    10_000,
  );
  return (
    <List
      list={list}
      empty={
        <Empty title="Nothing was owed to it yet.">
          <p>Send it a test, above, or wait for an event of its types: what becomes of each stands here.</p>
        </Empty>
      }
    >
      {(deliveries) => <DeliveryTable tenant={tenant} deliveries={deliveries} isOfOneEndpoint />}
    </List>
  );
}

function Secrets({ tenant, endpoint: { id, secrets } }: EndpointProps) {
  return (
    <div className="panel p-4">
      {secrets.length === 0 ? (
        <p className="text-muted">Its contract has no secret that both sides share.</p>
      ) : (
        <ul className="mb-3 space-y-1">
          {secrets.map(({ created_at, expires_at }) => (
            <li key={created_at}>
              <code aria-label="a secret, which is not shown">••••••••</code> made <Ago at={created_at} />
              {expires_at !== null && (
                <>
                  , ends <Ago at={expires_at} />
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      <Action
        label="Rotate the secret"
        about={
          <p>
            A new secret is made, and shown once. The old one goes on for a day, so that the receiver can
            change over without missing anything.
          </p>
        }
        call={{ method: "POST", path: `/v1/tenants/${tenant}/endpoints/${id}/rotate-secret`, body: {} }}
        run={async () => await api.rotateSecret(tenant, id)}
        done={({ secret }) => (
          <>
            <p role="status">Give the receiver this secret. It is not shown again.</p>
            <Command text={secret} label="secret" />
          </>
        )}
      />
    </div>
  );
}
