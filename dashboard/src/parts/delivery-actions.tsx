import type { Delivery } from "@posthorn/client/operations";
import type { ReactNode } from "react";
import { api } from "../session.ts";
import { Action } from "./action.tsx";
import { StateBadge } from "./badge.tsx";
import { useEndpoints } from "./use-endpoints.ts";

interface DeliveryActionsProps {
  readonly tenant: string;
  readonly delivery: Delivery;
}

/** What can be done about a delivery, as it is now. */
export function DeliveryActions({ tenant, delivery }: DeliveryActionsProps) {
  const { id, state } = delivery;
  const path = `/v1/tenants/${tenant}/deliveries/${id}`;
  const isWaiting = state === "retrying" || state === "pending";
  return (
    <>
      <Action
        isOffered={state === "retrying"}
        label="Try now"
        isReplay
        about={
          <About tenant={tenant} delivery={delivery}>
            It is tried again at once, and not when its schedule says.
          </About>
        }
        call={{ method: "POST", path: `${path}/retry` }}
        run={async () => await api.retryDelivery(tenant, id)}
      />
      <Action
        isOffered={!isWaiting}
        label="Replay"
        isReplay
        about={
          <About tenant={tenant} delivery={delivery}>
            It is sent again although it is settled, under the same id: a receiver that leaves out what it has
            seen stays right.
          </About>
        }
        call={{ method: "POST", path: `${path}/replay` }}
        run={async () => await api.replayDelivery(tenant, id)}
      />
      <Action
        isOffered={isWaiting}
        label="Give up"
        kind="bad"
        about={
          <About tenant={tenant} delivery={delivery}>
            It will not be made. The endpoint goes on without it.
          </About>
        }
        call={{ method: "POST", path: `${path}/cancel` }}
        run={async () => await api.cancelDelivery(tenant, id)}
      />
    </>
  );
}

/** Which of many it is, and what will become of it. */
function About({ tenant, delivery, children }: DeliveryActionsProps & { readonly children: ReactNode }) {
  const { type, state, endpoint_id } = delivery;
  const { endpoints } = useEndpoints(tenant);
  return (
    <>
      <p className="break-words">
        <StateBadge state={state} /> <strong className="font-medium">{type}</strong>{" "}
        <span className="text-muted">to</span>{" "}
        <span className="break-all">
          {endpoints.find(({ id }) => id === endpoint_id)?.url ?? endpoint_id}
        </span>
      </p>
      <p>{children}</p>
    </>
  );
}
