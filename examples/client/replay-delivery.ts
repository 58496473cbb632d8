/**
 * The receiver lost what it took: send it again.
 *
 * For replayDelivery.
 */
import { deliveryOf, posthorn, receiver, tenant, until } from "./posthorn.ts";

await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
const event = await posthorn.sendEvent(tenant, { type: "shopper.deleted", data: { id: 123 } });
const { id } = await deliveryOf(event.id);
await posthorn.replayDelivery(tenant, id);
const attempts = () => posthorn.listAttempts(tenant, { event: event.id }).page();
await until(async () => (await attempts()).data.length === 2);
console.log((await attempts()).data.map(({ is_replay, verdict }) => [is_replay, verdict]));
// → [ [ true, 'delivered' ], [ false, 'delivered' ] ]
