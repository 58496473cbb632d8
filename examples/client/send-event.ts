/**
 * Hand over what happened.
 *
 * For sendEvent.
 */
import { posthorn, tenant } from "./posthorn.ts";

const accepted = await posthorn.sendEvent(tenant, {
  type: "shopper.updated",
  subject: "C-720",
  data: { id: 123, ref: "C-720", first_name: "Mina", consent: true },
});
console.log(accepted);
// → { id: 'evt_…', type: 'shopper.updated', accepted_at: '…Z' }
