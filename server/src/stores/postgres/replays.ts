import type { ReplayStep } from "../../model/range-replay.ts";
import type { ReplayRegistry } from "../../replay-registry.ts";
import { rangeReplayOf } from "../log-rows.ts";
import { NEWEST } from "../page-start.ts";
import type { Database, Session } from "./database.ts";
import {
  END_RETRIES_OF_REPLAY,
  FIND_REPLAY,
  LIST_REPLAYS,
  MOVE_REPLAY,
  REQUEST_REPLAY,
  STEER_REPLAY,
} from "./queries/replays.ts";
import type { TenantShards } from "./tenant-shards.ts";

export interface ReplayPorts {
  readonly database: Database;
  readonly shards: TenantShards;
}

/** Replays of ranges over a database, as the API has them. */
export function createReplays({ database, shards }: ReplayPorts): ReplayRegistry {
  async function find(tenant: number, number: number) {
    const [row] = await database.rows(FIND_REPLAY, await shards.of(tenant), tenant, number);
    return row && rangeReplayOf(row);
  }
  return {
    async requestReplay({ tenant, source, endpoint, from, to, only, types, ratePerSecond, createdAt }) {
      const what = [from, to, only, types && JSON.stringify(types), ratePerSecond, createdAt];
      const shard = await shards.of(tenant);
      const [row] = await database.rows(REQUEST_REPLAY, shard, tenant, source, endpoint, ...what);
      return row && rangeReplayOf(row);
    },
    async steerReplay({ tenant, replay, wish }) {
      await database.run(STEER_REPLAY, await shards.of(tenant), tenant, replay, wish);
      return await find(tenant, replay);
    },
    findReplay: find,
    listReplays: async ({ tenant, endpoint, isOpen, before = NEWEST, limit }) =>
      (await database.rows(LIST_REPLAYS, tenant, endpoint, isOpen ? 1 : 0, before, limit)).map(rangeReplayOf),
  };
}

/** Takes a step of a replay inside a flush. */
export async function moveReplay(
  session: Session,
  shard: number,
  { replay, endpoint, progress, ended }: ReplayStep,
): Promise<void> {
  const { position, lookedAt, chosen, passedOver, delivered, failed } = progress;
  const counts = [position, lookedAt, chosen, passedOver, delivered, failed];
  const isOpen =
    (await session.run(MOVE_REPLAY, shard, replay, ...counts, ended?.how, ended?.reason, ended?.at)) === 1;
  if (isOpen && ended !== undefined) {
    await session.run(END_RETRIES_OF_REPLAY, shard, endpoint, replay);
  }
}
