/**
 * See what a receiver would get before there is an event: nothing is stored or sent.
 *
 * For renderSample.
 */
import { posthorn, tenant } from "./posthorn.ts";

const { renderings } = await posthorn.renderSample(tenant, { type: "shopper.deleted", data: { id: 7 } });
for (const { contract, reason, request } of renderings) {
  if (contract === "bspk" && request !== null) console.log(atob(request.payload));
  // → {"event_name":"shopper.deleted","object":{"id":7}}
  if (contract === "bubblehouse") console.log(reason); // → customer_missing
}
