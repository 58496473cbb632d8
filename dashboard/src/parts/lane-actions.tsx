import type { EndpointStatus } from "@posthorn/client/operations";
import { Link } from "@tanstack/react-router";
import { api } from "../session.ts";
import { countText } from "../text/times.ts";
import { Action } from "./action.tsx";

interface LaneActionsProps {
  readonly tenant: string;
  readonly endpoint: EndpointStatus;
}

/** The ways out of what an endpoint is in: only those that lead somewhere from there. */
export function LaneActions({ tenant, endpoint }: LaneActionsProps) {
  const { id, state, lane, missed, missed_is_at_least } = endpoint;
  const path = `/v1/tenants/${tenant}/endpoints/${id}`;
  return (
    <>
      <SkipAction tenant={tenant} endpoint={endpoint} />
      <Action
        isOffered={state === "enabled" && (lane.held_since !== null || lane.needs_attention)}
        label="Resume"
        about={
          <p>
            The lane goes on at once, and does not wait for its next probe. If the receiver is not mended, the
            next answer says so, and it is held again.
          </p>
        }
        call={{ method: "POST", path: `${path}/resume` }}
        run={async () => await api.resumeEndpoint(tenant, id)}
      />
      <Action
        isOffered={state === "enabled"}
        label="Pause"
        about={<p>Nothing more is sent to it. Everything waits, and keeps its place.</p>}
        call={{ method: "POST", path: `${path}/pause` }}
        run={async () => await api.pauseEndpoint(tenant, id)}
      />
      <Action
        isOffered={state === "paused"}
        label="Resume"
        kind="main"
        about={<p>{countText(lane.waiting, lane.waiting_is_at_least)} waiting, in their order.</p>}
        call={{ method: "POST", path: `${path}/resume` }}
        run={async () => await api.resumeEndpoint(tenant, id)}
      />
      <Action
        isOffered={state === "disabled"}
        label="Enable"
        kind="main"
        about={<p>It is owed what comes from now on. What it missed can then be recovered.</p>}
        call={{ method: "POST", path: `${path}/enable` }}
        run={async () => await api.enableEndpoint(tenant, id)}
      />
      <Action
        isOffered={missed > 0 && state === "enabled"}
        label="Recover"
        about={<p>{countText(missed, missed_is_at_least)} missed: they are delivered now, by a replay.</p>}
        call={{ method: "POST", path: `${path}/recover` }}
        run={async () => await api.recover(tenant, id)}
        done={({ missed: count }) => (
          <p role="status">
            A replay of {countText(count)} has begun.{" "}
            <Link to="/t/$tenant/replays" params={{ tenant }} className="link">
              See how far it is
            </Link>
          </p>
        )}
      />
    </>
  );
}

function SkipAction({ tenant, endpoint }: LaneActionsProps) {
  const { discipline, is_skippable: isSkippable } = endpoint.lane;
  const isBatched = discipline === "batched";
  return (
    <Action
      isOffered={isSkippable}
      label={isBatched ? "Skip the batch" : "Skip one"}
      about={
        <p>
          {isBatched
            ? "The batch that everything waits for will not be sent, as a whole: its events are"
            : "The delivery that everything waits for will not be made: it is"}{" "}
          counted as missed, can be recovered later, and the lane goes on behind it.
        </p>
      }
      call={{ method: "POST", path: `/v1/tenants/${tenant}/endpoints/${endpoint.id}/skip` }}
      run={async () => await api.skip(tenant, endpoint.id)}
      done={({ skipped }) => <p role="status">Skipped {countText(skipped)}. The lane goes on.</p>}
    />
  );
}
