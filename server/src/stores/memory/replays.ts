import type { Cursor } from "../../model/delivery.ts";
import {
  type OpenReplay,
  RANGE_REPLAYS_FROM,
  type RangeReplay,
  type ReplayStep,
} from "../../model/range-replay.ts";
import type { ReplayRegistry } from "../../replay-registry.ts";
import { removeRetry, retriesOf } from "./retries.ts";
import type { State } from "./state.ts";

/** Replays of ranges over a state in memory. */
export function createReplays(state: State): ReplayRegistry {
  const { rangeReplays } = state;
  const find = (tenant: number, number: Cursor): RangeReplay | undefined => {
    const found = rangeReplays.get(number);
    return found?.tenant === tenant ? found : undefined;
  };

  return {
    async requestReplay(request) {
      if (state.tenants[request.tenant - 1]?.isDeleted !== false) {
        return undefined;
      }
      const { from } = request;
      const replay: RangeReplay = {
        ...request,
        to: Math.max(from, Math.min(request.to, state.head)),
        number: RANGE_REPLAYS_FROM + state.rangeReplaysAsked,
        changes: state.changes,
        wish: "run",
        progress: { ...NO_PROGRESS, position: from - 1 },
        ended: undefined,
      };
      state.rangeReplaysAsked += 1;
      rangeReplays.set(replay.number, replay);
      return replay;
    },
    async steerReplay({ tenant, replay: number, wish }) {
      const found = find(tenant, number);
      if (found !== undefined && found.ended === undefined && found.wish !== "cancel") {
        rangeReplays.set(number, { ...found, wish });
      }
      return rangeReplays.get(found?.number ?? 0);
    },
    async findReplay(tenant, number) {
      return find(tenant, number);
    },
    async listReplays({ tenant, endpoint, isOpen, before = Infinity, limit }) {
      return [...rangeReplays.values()]
        .filter(
          (replay) =>
            replay.tenant === tenant &&
            (endpoint === undefined || replay.endpoint === endpoint) &&
            (!isOpen || replay.ended === undefined) &&
            replay.number < before,
        )
        .reverse()
        .slice(0, limit);
    },
  };
}

const NO_PROGRESS = { lookedAt: 0, chosen: 0, passedOver: 0, delivered: 0, failed: 0 };

export function readOpenReplays(state: State): readonly OpenReplay[] {
  return [...state.rangeReplays.values()]
    .filter(({ ended }) => ended === undefined)
    .map((replay) => ({ ...replay, waiting: waitingOf(state, replay).length }));
}

export function moveReplay(state: State, { replay: number, progress, ended }: ReplayStep): void {
  const known = state.rangeReplays.get(number);
  if (known === undefined || known.ended !== undefined) {
    return;
  }
  state.rangeReplays.set(number, { ...known, progress, ended });
  if (ended !== undefined) {
    for (const retry of waitingOf(state, known)) {
      removeRetry(state, retry);
    }
  }
}

function waitingOf(state: State, { endpoint, number }: RangeReplay) {
  return retriesOf(state, endpoint).filter(({ cursor }) => cursor === number);
}
