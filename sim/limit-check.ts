import type { Engine } from "../server/src/engine/engine.ts";
import type { Limits } from "../server/src/engine/limits.ts";
import type { Ledger } from "./ledger.ts";
import type { Watch } from "./watch.ts";
import type { World } from "./world.ts";

export interface LimitCheckPorts {
  readonly limits: Limits;
  readonly ledger: Ledger;
  readonly watch: Watch;
  readonly world: World;
  readonly current: () => Engine | undefined;
}

/** Checks after a flush that lanes keep to their limits, in memory and in `retry` (invariant 11). */
export function createLimitCheck({ limits, ledger, watch, world, current }: LimitCheckPorts): () => void {
  return () => {
    for (const { number, contract, config, tenant } of world.endpoints.values()) {
      const slots =
        contract.discipline === "each" ? (config.maxInFlight ?? contract.defaults.maxInFlight) : 1;
      const retries = ledger.retriesOf(number);
      if (retries > limits.retriesPerLaneMax) {
        watch.fail("limits_hold", `${retries} retries wait at endpoint ${number}`);
      }
      const batchMax = contract.batchLimits?.(config.settings).eventsMax ?? 0;
      const unflushedMax =
        contract.discipline === "each"
          ? Math.min(limits.unflushedPerLaneMax, limits.unflushedPerSlotMax * slots)
          : limits.unflushedMax;
      // Ready, on their way, or answered and not durable yet.
      const waitingMax = limits.laneReadyMax + slots + unflushedMax + 2 * batchMax;
      const waiting = current()?.laneView(tenant.shard, number)?.waiting ?? 0;
      if (waiting > waitingMax) {
        watch.fail("limits_hold", `the lane of endpoint ${number} keeps ${waiting} of ${waitingMax} offsets`);
      }
    }
  };
}
