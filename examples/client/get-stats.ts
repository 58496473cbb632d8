/**
 * How many, and how fast: the last hour, by the minute.
 *
 * For getStats, getInstallationStats.
 */
import { posthorn, receiver, tenant, until } from "./posthorn.ts";

await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
await until(async () => (await posthorn.getStats(tenant)).total.delivered === 1);
const { total, points } = await posthorn.getStats(tenant, { resolution: "minute" });
console.log(total.accepted, total.dead, points[0]?.at); // → 1 0 …:00.000Z
console.log(total.accepted_to_delivered); // → { p50_ms: …, p95_ms: …, p99_ms: … }
const all = await posthorn.getInstallationStats();
console.log(all.total.accepted >= total.accepted); // → true
