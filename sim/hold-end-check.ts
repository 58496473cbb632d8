import type { Facts } from "../server/src/facts.ts";
import { currentVersion } from "../server/src/model/endpoint.ts";
import type { Store } from "../server/src/store.ts";
import type { Ledger } from "./ledger.ts";
import type { Watch } from "./watch.ts";
import type { World } from "./world.ts";

export interface HoldEndCheckPorts {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly watch: Watch;
  readonly world: World;
  readonly clock: { readonly now: () => number };
  /** Whether the clock on the wall can be trusted. */
  readonly isTimeSteady: boolean;
}

/** Checks that holds end, but those of a refused greeting, which another greeting ends. */
export interface HoldEndCheck {
  /** After a flush: whoever saves an endpoint lets its lane go on. */
  flushed(facts: Facts): Promise<void>;
  /** At the end, when everything is settled: nothing is held for nothing. */
  checkEnding(): Promise<void>;
}

export function createHoldEndCheck(ports: HoldEndCheckPorts): HoldEndCheck {
  const { store, ledger, watch, world, clock } = ports;
  let changesApplied = 0;

  return {
    async flushed(facts) {
      const before = changesApplied;
      changesApplied = facts.changesApplied;
      for (const { endpoint, hold } of ledger.lanes.values()) {
        const stored = await store.readEndpoint(endpoint);
        const change = stored === undefined ? 0 : currentVersion(stored).change;
        // What was tried says more, and may have held the lane anew.
        const isTried = facts.attempts.some((attempt) => attempt.endpoint === endpoint);
        const isSaved = before < change && change <= changesApplied && !isTried;
        const isWaiting = hold !== undefined && !isHandshake(hold) && hold.until > clock.now();
        if (ports.isTimeSteady && isSaved && isWaiting) {
          watch.fail("holds_end", `endpoint ${endpoint} was saved, and is held: ${hold.reason}`);
        }
      }
    },
    async checkEnding() {
      for (const { endpoint, hold } of await store.readLanes(0)) {
        const stored = await store.readEndpoint(endpoint);
        const isOver = hold !== undefined && !isHandshake(hold) && hold.until <= clock.now();
        if (stored !== undefined && currentVersion(stored).state === "enabled" && isOver) {
          const { name } = world.endpoints.get(endpoint)?.contract ?? {};
          watch.fail("holds_end", `endpoint ${endpoint} of ${name} is held for nothing: ${hold.reason}`);
        }
      }
    },
  };
}

function isHandshake({ reason }: { readonly reason: string }): boolean {
  return reason.startsWith("handshake_");
}
