/**
 * How deliveries to an endpoint are going.
 *
 * For getEndpoint, listEndpoints.
 */
import { posthorn, receiver, tenant } from "./posthorn.ts";

const url = `${receiver}/:name`;
const { id } = await posthorn.createEndpoint(tenant, { url, contract: "bubblehouse" });
const { lane, missed } = await posthorn.getEndpoint(tenant, id);
console.log(lane.discipline, lane.waiting, lane.held_since, missed); // → ordered 0 null 0
for await (const { contract, lane: listed } of posthorn.listEndpoints(tenant, { include: "lane" })) {
  console.log(contract, listed?.needs_attention); // → bubblehouse false
}
