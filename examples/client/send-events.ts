/**
 * Hand over several events at once: all of them, or none.
 *
 * For sendEvents.
 */
import { posthorn, tenant } from "./posthorn.ts";

const customers = ["686e28baebd46db5a35beccb", "68777232009ac594ff34644f"];
const { data } = await posthorn.sendEvents(
  tenant,
  customers.map((spektrId) => ({
    type: "customer_status_changed",
    subject: spektrId,
    data: { spektr_id: spektrId, oldStatus: "pending", newStatus: "approved" },
  })),
);
console.log(data.map(({ id, type }) => `${type} ${id}`));
// → [ 'customer_status_changed evt_…', 'customer_status_changed evt_…' ]
