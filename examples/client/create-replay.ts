/**
 * Count what a replay would send, then let it.
 *
 * For createReplay, ReplayToCount, ReplayToMake, getReplay.
 */
import { deliveryOf, posthorn, receiver, tenant, until } from "./posthorn.ts";

const endpoint = await posthorn.createEndpoint(tenant, { url: receiver, contract: "spektr" });
const runEnd = { type: "process_run_end", subject: "686e28ba", data: { score: 0 } };
const { id, accepted_at: since } = await posthorn.sendEvent(tenant, runEnd);
await deliveryOf(id);
const range = { endpoint: endpoint.id, since, only: "all" } as const;
console.log(await posthorn.createReplay(tenant, { ...range, dry_run: true })); // → { count: 1 }
const replay = await posthorn.createReplay(tenant, range);
await until(async () => (await posthorn.getReplay(tenant, replay.id)).state === "finished");
console.log((await posthorn.getReplay(tenant, replay.id)).delivered); // → 1
