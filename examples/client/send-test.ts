/**
 * Try an endpoint with an example of its contract.
 *
 * For sendTest.
 */
import { deliveryOf, posthorn, receiver, tenant } from "./posthorn.ts";

const endpoint = await posthorn.createEndpoint(tenant, { url: receiver, contract: "spektr" });
const { id, type } = await posthorn.sendTest(tenant, endpoint.id, { type: "process_run_end" });
console.log(type, (await deliveryOf(id)).state); // → process_run_end delivered
