import type { Clock } from "../clock.ts";
import type { EngineStats, LaneView, Standing, UnderWay } from "./engine.ts";
import { laneView, stoppedEndpoints } from "./lane-view.ts";
import type { LeaseState } from "./lease-state.ts";
import type { Sending } from "./sending.ts";
import { standingOfTenant, waitingOf } from "./waiting-of.ts";

/** What the owner of a lease knows of what it does right now. */
export interface OwnerViews {
  laneView(endpoint: number): LaneView | undefined;
  stats(): OwnerStats;
  underWay(): UnderWay;
  /** Of one tenant, by number. */
  standing(tenant: number): Standing;
  /** Endpoints that wait until a person does something. */
  stoppedEndpoints(): readonly number[];
}

export type OwnerStats = Omit<EngineStats, "accepted">;

export interface OwnerViewPorts extends Pick<Sending, "counts" | "dispatcher" | "flusher" | "window"> {
  readonly clock: Pick<Clock, "now">;
}

export function createOwnerViews(state: LeaseState, ports: OwnerViewPorts): OwnerViews {
  const { counts, dispatcher, flusher, window, clock } = ports;
  const underWay = () => ({ inFlight: dispatcher.inFlight, unwritten: flusher.waiting });
  return {
    laneView: (endpoint) => laneView(state, endpoint),
    stats: () => ({ ...counts, ...underWay(), ...waitingOf(state, window, clock.now()) }),
    underWay,
    standing: (tenant) => standingOfTenant(state, tenant, clock.now()),
    stoppedEndpoints: () => stoppedEndpoints(state),
  };
}
