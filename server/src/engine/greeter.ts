import type { Contract } from "@posthorn/contracts/contract";
import { currentVersion, type Endpoint } from "../model/endpoint.ts";
import type { Fault } from "./fault.ts";
import type { Lane } from "./lane.ts";
import { type LeaseState, laneFor } from "./lease-state.ts";
import type { Routes } from "./routes.ts";

/** Sees that endpoints are greeted as soon as they are saved, where their contract has a handshake. */
export interface Greeter {
  /** Makes a greeting due although nothing may wait to be sent. */
  noteSaved(endpoint: Endpoint): void;
}

export interface GreeterPorts {
  readonly contracts: ReadonlyMap<string, Contract>;
  readonly routes: Routes;
  readonly onReady: (lane: Lane) => void;
  readonly onFault: (fault: Fault) => void;
}

export function createGreeter(state: LeaseState, ports: GreeterPorts): Greeter {
  const { contracts, routes, onReady, onFault } = ports;

  async function wake(endpoint: number): Promise<void> {
    try {
      const route = await routes.find(endpoint);
      // One that is left out for now is greeted before anything is sent to it.
      if (route !== undefined && routes.latest(route).state === "enabled") {
        makeDue(laneFor(state, routes.latest(route)));
      }
    } catch (error) {
      onFault({ what: "read_failed", endpoint, error });
    }
  }

  function makeDue(lane: Lane): void {
    // What waits may have had it greeted while its route was read.
    lane.isGreetingDue = lane.greetedChange !== currentVersion(lane.route.endpoint).change;
    onReady(lane);
  }

  return {
    noteSaved(endpoint) {
      const lane = state.lanes.get(endpoint.number);
      const isEnabled = currentVersion(endpoint).state === "enabled";
      if (contracts.get(endpoint.contract)?.handshake === undefined) {
        return;
      }
      if (lane === undefined) {
        void (isEnabled ? wake(endpoint.number) : undefined);
      } else if (isEnabled) {
        makeDue(lane);
      } else {
        lane.isGreetingDue = false;
      }
    },
  };
}
