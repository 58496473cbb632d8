import type { EndpointStatus } from "@posthorn/client/operations";
import { Link } from "@tanstack/react-router";
import { countText } from "../text/times.ts";
import { Due, HowLong } from "./ago.tsx";
import { explanationOf } from "./lane.ts";

interface ExplanationProps {
  readonly tenant: string;
  readonly endpoint: EndpointStatus;
}

/** Why an endpoint is as it is, since when, and when it is tried again. */
export function Explanation({ tenant, endpoint }: ExplanationProps) {
  const { lane, missed, missed_is_at_least } = endpoint;
  const why = explanationOf(endpoint);
  return (
    <>
      {why === undefined ? (
        <span className="text-muted">{lane.waiting === 0 ? "Nothing waits." : "Delivering."}</span>
      ) : (
        <span>{why}</span>
      )}
      <span className="flex flex-wrap gap-x-3 text-[12px] text-muted">
        {lane.held_since !== null && (
          <span>
            held for <HowLong since={lane.held_since} />
          </span>
        )}
        {lane.held_since === null && lane.failing_since !== null && (
          <span>
            failing for <HowLong since={lane.failing_since} />
          </span>
        )}
        {lane.next_probe_at !== null && (
          <span>
            next probe <Due at={lane.next_probe_at} />
          </span>
        )}
        {lane.failing_since !== null && (
          <Link
            to="/t/$tenant/deliveries"
            params={{ tenant }}
            search={{ endpoint: endpoint.id }}
            className="link underline"
          >
            its deliveries
          </Link>
        )}
        {missed > 0 && <span>{countText(missed, missed_is_at_least)} missed</span>}
      </span>
    </>
  );
}
