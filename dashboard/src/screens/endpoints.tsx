import type { ListedEndpoint } from "@posthorn/client/operations";
import { Link, useParams } from "@tanstack/react-router";
import { StateBadge } from "../parts/badge.tsx";
import { Command } from "../parts/command.tsx";
import { Explanation } from "../parts/explanation.tsx";
import { healthOf, statusOf } from "../parts/lane.ts";
import { LaneActions } from "../parts/lane-actions.tsx";
import { Empty, Page } from "../parts/page.tsx";
import { List, useList } from "../parts/pages.tsx";
import { useMay } from "../parts/permission.ts";
import { isPortal, serverUrl } from "../place.ts";
import { api } from "../session.ts";
import { curlText } from "../text/curl.ts";
import { countText } from "../text/times.ts";

export function EndpointsScreen() {
  const { tenant } = useParams({ from: "/t/$tenant/endpoints" });
  const list = useList(
    ["endpoints", tenant],
    async (cursor) => await api.listEndpoints(tenant, { limit: 25, include: "lane" }).page(cursor),
    5000,
  );
  const mayCreate = useMay({ method: "POST", path: `/v1/tenants/${tenant}/endpoints` });
  return (
    <Page
      title="Endpoints"
      about="Each receiver, and the lane that leads to it: how it is, what waits, why, and what comes next."
      actions={
        mayCreate && (
          <Link to="/t/$tenant/endpoints/new" params={{ tenant }} className="button button-main">
            New endpoint
          </Link>
        )
      }
    >
      <List list={list} empty={<NoEndpoints tenant={tenant} />}>
        {(endpoints) => (
          <div className="panel overflow-x-auto">
            <table className="grid-table stacks">
              <thead>
                <tr>
                  <th>Endpoint</th>
                  <th>Health</th>
                  <th className="text-right!">Waiting</th>
                  <th>What happens</th>
                  <th>
                    <span className="sr-only">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {endpoints.map((endpoint) => (
                  <Row key={endpoint.id} tenant={tenant} endpoint={endpoint} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </List>
    </Page>
  );
}

function NoEndpoints({ tenant }: { readonly tenant: string }) {
  const path = `/v1/tenants/${tenant}/endpoints`;
  const body = { url: "https://receiver.example.com/hooks" };
  return (
    <Empty title="No endpoints yet.">
      <p>
        An endpoint is a receiver&apos;s URL.{" "}
        <Link to="/t/$tenant/endpoints/new" params={{ tenant }} className="link underline">
          Create one here
        </Link>
        {!isPortal && ", or with the API:"}
      </p>
      {!isPortal && (
        <Command text={curlText(serverUrl, { method: "POST", path, body })} label="curl command" />
      )}
    </Empty>
  );
}

function Row({ tenant, endpoint }: { readonly tenant: string; readonly endpoint: ListedEndpoint }) {
  const status = statusOf(endpoint);
  return (
    <tr>
      <td className="whole sm:max-w-88">
        <Link
          to="/t/$tenant/endpoints/$endpoint"
          params={{ tenant, endpoint: endpoint.id }}
          className="link block truncate font-medium"
          title={endpoint.url}
          data-row=""
        >
          {endpoint.url}
        </Link>
        <span
          className="line-clamp-2 text-[12px] break-words text-muted"
          title={endpoint.description ?? undefined}
        >
          {endpoint.contract}
          {endpoint.description === null ? "" : ` · ${endpoint.description}`}
        </span>
      </td>
      <td>
        {status === undefined ? (
          <StateBadge state={endpoint.state} />
        ) : (
          <StateBadge state={healthOf(status)} />
        )}
      </td>
      <td data-column="Waiting" className="text-right tabular-nums">
        {status === undefined ? "…" : countText(status.lane.waiting, status.lane.waiting_is_at_least)}
      </td>
      <td className="whole min-w-64">
        {status !== undefined && <Explanation tenant={tenant} endpoint={status} />}
      </td>
      <td>
        <div className="flex justify-end gap-1.5">
          {status !== undefined && <LaneActions tenant={tenant} endpoint={status} />}
        </div>
      </td>
    </tr>
  );
}
