/**
 * Send a shop what Bubblehouse sends.
 *
 * For createEndpoint.
 */
import { posthorn, tenant } from "./posthorn.ts";

const endpoint = await posthorn.createEndpoint(tenant, {
  url: "https://shop.example.com/hooks/:name",
  contract: "bubblehouse",
  event_types: ["Points *", "Tier Reached"],
  settings: { urgency: "urgent" },
});
console.log(endpoint.id, endpoint.state, endpoint.event_types);
// → ep_… enabled [ 'Points *', 'Tier Reached' ]
console.log(endpoint.secret); // → …=
// It is shown this once: the receiver verifies requests with it.
