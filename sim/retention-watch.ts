import { type Offset, timeOfOffset } from "../server/src/model/offset.ts";
import type { Store } from "../server/src/store.ts";
import type { SimClock } from "./clock.ts";
import type { Watch } from "./watch.ts";

export interface RetentionWatchPorts {
  readonly clock: SimClock;
  readonly watch: Watch;
  readonly keepMs: number | undefined;
}

/**
 * Sees that a process forgets only what was old enough when it looked: it looks at who still needs it first,
 * and the clock on the wall may be set back before it gets to forgetting.
 */
export function watchRetention(store: Store, ports: RetentionWatchPorts): Store {
  const { clock, watch, keepMs = Infinity } = ports;
  const found = new Set<Offset>();

  return {
    ...store,
    async readNeeding(lease, to) {
      if (clock.now() - timeOfOffset(to) >= keepMs) {
        found.add(to);
      }
      return await store.readNeeding(lease, to);
    },
    async forgetLog(to, limit) {
      if (!found.has(to)) {
        watch.fail("kept_long_enough", `everything up to ${to} is to be forgotten, and was not old enough`);
      }
      return await store.forgetLog(to, limit);
    },
  };
}
