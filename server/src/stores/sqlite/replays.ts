import type { DatabaseSync } from "node:sqlite";
import type { ReplayStep } from "../../model/range-replay.ts";
import type { ReplayRegistry } from "../../replay-registry.ts";
import { rangeReplayOf } from "../log-rows.ts";
import { NEWEST } from "../page-start.ts";
import type { Connections } from "./connections.ts";
import { LEASE } from "./lease.ts";
import { READ_TENANT } from "./queries/registry.ts";
import {
  END_RETRIES_OF_REPLAY,
  FIND_REPLAY,
  LIST_REPLAYS,
  MOVE_REPLAY,
  REQUEST_REPLAY,
  STEER_REPLAY,
} from "./queries/replays.ts";

/** Replays of ranges over a database, as the API has them. */
export function createReplays({ writing, reading, write, read }: Connections): ReplayRegistry {
  const request = writing.prepare(REQUEST_REPLAY);
  const steer = writing.prepare(STEER_REPLAY);
  const findWritten = writing.prepare(FIND_REPLAY);
  const tenantByNumber = writing.prepare(READ_TENANT);
  const find = reading.prepare(FIND_REPLAY);
  const list = reading.prepare(LIST_REPLAYS);

  return {
    requestReplay: ({ tenant, source, endpoint, from, to, only, types, ratePerSecond, createdAt }) =>
      write(() => {
        const typesText = types === undefined ? null : JSON.stringify(types);
        const what = [from, to, only, typesText, ratePerSecond ?? null, createdAt];
        const row =
          tenantByNumber.get(tenant) === undefined
            ? undefined
            : request.get(LEASE, tenant, source, endpoint, ...what);
        return row && rangeReplayOf(row);
      }),
    steerReplay: ({ tenant, replay, wish }) =>
      write(() => {
        steer.run(tenant, replay, wish);
        const row = findWritten.get(tenant, replay);
        return row && rangeReplayOf(row);
      }),
    findReplay: (tenant, number) =>
      read(() => {
        const row = find.get(tenant, number);
        return row && rangeReplayOf(row);
      }),
    listReplays: ({ tenant, endpoint, isOpen, before = NEWEST, limit }) =>
      read(() => list.all(tenant, endpoint ?? null, isOpen ? 1 : 0, before, limit).map(rangeReplayOf)),
  };
}

/** Prepares the steps of replays inside a flush. */
export function prepareMoveReplay(database: DatabaseSync): (step: ReplayStep) => void {
  const move = database.prepare(MOVE_REPLAY);
  const endRetries = database.prepare(END_RETRIES_OF_REPLAY);
  return ({ replay, endpoint, progress, ended }) => {
    const { position, lookedAt, chosen, passedOver, delivered, failed } = progress;
    const counts = [position, lookedAt, chosen, passedOver, delivered, failed];
    const end = [ended?.how ?? null, ended?.reason ?? null, ended?.at ?? null];
    const isOpen = move.run(replay, ...counts, ...end).changes === 1;
    if (isOpen && ended !== undefined) {
      endRetries.run(endpoint, replay);
    }
  };
}
