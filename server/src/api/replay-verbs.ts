import type { Endpoint } from "../model/endpoint.ts";
import type { RangeReplay, ReplayRequest, ReplayWish } from "../model/range-replay.ts";
import type { Tenant } from "../model/tenant.ts";
import { Problem } from "../problem.ts";
import { noSuch, noSuchTenant } from "./no-such.ts";
import type { ApiPorts } from "./ports.ts";
import { replayView } from "./replay-view.ts";

/** Replays to one endpoint that may be open at once. */
const OPEN_REPLAYS_MAX = 10;

export async function openReplaysTo(
  { registry }: ApiPorts,
  { tenant, number }: Endpoint,
): Promise<readonly RangeReplay[]> {
  const page = { isOpen: true, before: undefined, limit: OPEN_REPLAYS_MAX };
  return await registry.listReplays({ tenant, endpoint: number, ...page });
}

/** Writes down a replay and lets its owner take it up. */
export async function startReplay(
  ports: ApiPorts,
  tenant: Tenant,
  { target, request }: { readonly target: Endpoint; readonly request: ReplayRequest },
): Promise<RangeReplay> {
  if ((await openReplaysTo(ports, target)).length >= OPEN_REPLAYS_MAX) {
    throw new Problem("too_many_replays", `At most ${OPEN_REPLAYS_MAX} run or are paused at a time.`);
  }
  const replay = await ports.registry.requestReplay(request);
  if (replay === undefined) {
    throw noSuchTenant(tenant.id);
  }
  await ports.engine.replayRanges(tenant.shard);
  return await readReplay(ports, tenant, ports.ids.replay(replay.number));
}

/** Writes down what is wanted of a replay. Resolves when an end that follows is durable. */
export async function steerReplay(
  ports: ApiPorts,
  tenant: Tenant,
  { replay, wish }: { readonly replay: RangeReplay; readonly wish: ReplayWish },
): Promise<RangeReplay> {
  const steered = await ports.registry.steerReplay({ tenant: tenant.number, replay: replay.number, wish });
  if (steered === undefined) {
    throw noSuch("replay", ports.ids.replay(replay.number), tenant);
  }
  const isAsWanted = steered.wish === wish && (steered.ended === undefined || wish === "cancel");
  if (!isAsWanted || steered.ended?.how === "finished") {
    throw new Problem("replay_ended", "Nothing was changed.");
  }
  await ports.engine.replayRanges(tenant.shard);
  return await readReplay(ports, tenant, ports.ids.replay(replay.number));
}

/** Reads a replay of the tenant by its id. Throws the Problem `not_found`, also for another tenant's. */
export async function readReplay(
  { ids, registry }: ApiPorts,
  tenant: Tenant,
  id: string,
): Promise<RangeReplay> {
  const number = ids.replayNumberOf(id);
  const replay = number === undefined ? undefined : await registry.findReplay(tenant.number, number);
  if (replay === undefined) {
    throw noSuch("replay", id, tenant);
  }
  return replay;
}

export async function showReplay(ports: ApiPorts, replay: RangeReplay) {
  return replayView(ports, replay, await ports.registry.findEndpoint(replay.tenant, replay.endpoint));
}
