import type { Delivery } from "@posthorn/client/operations";
import { api } from "../session.ts";
import { Action } from "./action.tsx";

/** What can be done about a delivery, as it is now. */
export function DeliveryActions({
  tenant,
  delivery,
}: {
  readonly tenant: string;
  readonly delivery: Delivery;
}) {
  const { id, state } = delivery;
  const path = `/v1/tenants/${tenant}/deliveries/${id}`;
  const isWaiting = state === "retrying" || state === "pending";
  return (
    <>
      <Action
        isOffered={state === "retrying"}
        label="Try now"
        isReplay
        about={<p>It is tried again at once, and not when its schedule says.</p>}
        call={{ method: "POST", path: `${path}/retry` }}
        run={async () => await api.retryDelivery(tenant, id)}
      />
      <Action
        isOffered={!isWaiting}
        label="Replay"
        isReplay
        about={
          <p>
            It is sent again although it is settled, under the same id: a receiver that leaves out what it has
            seen stays right.
          </p>
        }
        call={{ method: "POST", path: `${path}/replay` }}
        run={async () => await api.replayDelivery(tenant, id)}
      />
      <Action
        isOffered={isWaiting}
        label="Give up"
        kind="bad"
        about={<p>It will not be made. The endpoint goes on without it.</p>}
        call={{ method: "POST", path: `${path}/cancel` }}
        run={async () => await api.cancelDelivery(tenant, id)}
      />
    </>
  );
}
