import type { UnmatchedEndpoint } from "@posthorn/client/operations";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../session.ts";
import { wordsOf } from "../text/strip.ts";
import { Ago } from "./ago.tsx";
import { Empty } from "./page.tsx";
import { List, useList } from "./pages.tsx";

interface UnmatchedProps {
  readonly tenant: string;
  readonly event: string;
  readonly type: string;
}

/** The endpoints that got nothing of an event, and why: asked for when it is opened. */
export function Unmatched(props: UnmatchedProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="mt-3" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="text-muted">Endpoints that were not owed it, and why</summary>
      {isOpen && (
        <div className="mt-2">
          <UnmatchedList {...props} />
        </div>
      )}
    </details>
  );
}

function UnmatchedList({ tenant, event, type }: UnmatchedProps) {
  const list = useList(
    ["unmatched", { tenant }, event],
    async (cursor) => await api.listUnmatched(tenant, event, { limit: 50 }).page(cursor),
    30_000,
  );
  return (
    <List
      list={list}
      empty={<Empty title="None.">Every endpoint there is has a delivery of this event.</Empty>}
    >
      {(endpoints) => (
        <ul className="panel divide-y divide-line">
          {endpoints.map((endpoint) => (
            <li key={endpoint.endpoint_id} className="space-y-0.5 px-4 py-2.5">
              <Link
                to="/t/$tenant/endpoints/$endpoint"
                params={{ tenant, endpoint: endpoint.endpoint_id }}
                className="link block truncate font-medium"
                data-row=""
              >
                {endpoint.url}
              </Link>
              {endpoint.reasons.map((reason) => (
                <p key={reason}>{sentenceOf(reason, endpoint, type)}</p>
              ))}
              <p className="text-[12px] text-muted">
                {endpoint.in_force_since === null ? (
                  <>
                    created <Ago at={endpoint.created_at} />
                  </>
                ) : (
                  <>
                    as it was from <Ago at={endpoint.in_force_since} />
                  </>
                )}
                {` · ${endpoint.reasons.map(wordsOf).join(", ")}`}
              </p>
            </li>
          ))}
        </ul>
      )}
    </List>
  );
}

function sentenceOf(
  reason: UnmatchedEndpoint["reasons"][number],
  { contract, event_types }: UnmatchedEndpoint,
  type: string,
): string {
  switch (reason) {
    case "created_later":
      return "It was created after the event: an endpoint is owed what is accepted from then on.";
    case "disabled_then":
      return "It was disabled when the event was accepted. What it missed can be recovered.";
    case "for_another_endpoint":
      return "The event was sent to one endpoint, which is another.";
    case "not_subscribed":
      return `Its subscription does not name ${type}${
        event_types === null ? "" : `: it has ${event_types.join(", ")}`
      }.`;
    case "not_in_catalogue":
      return `The catalogue of its contract, ${contract}, is closed and does not have ${type}.`;
  }
}
