import type { Clock } from "../clock.ts";
import type { FactsDraft } from "../facts.ts";
import type { OperationalEvents } from "../operational-events.ts";
import { CIRCUIT_OPEN } from "./circuit.ts";
import type { Flusher } from "./flusher.ts";
import { faultOf, type Lane } from "./lane.ts";
import { HOLD_TOLD_MS_MIN } from "./limits.ts";
import { type SinceByEndpoint, setSince } from "./since.ts";

export interface TellingPorts {
  /** Holds that the operator was told of, and not yet that they are over. */
  readonly toldHolds: SinceByEndpoint;
  readonly operational: OperationalEvents;
}

/** Why nothing goes to an endpoint, as the operator is told. */
interface Stop {
  readonly reason: string;
  readonly since: number;
  readonly needsAttention: boolean;
  readonly nextProbeAt: number | undefined;
}

/** Tells, once, that an endpoint is held for more than a moment, or stopped until a person does something. */
export function tellHeld(
  facts: FactsDraft,
  lane: Lane,
  { toldHolds, operational, now }: TellingPorts & { readonly now: number },
): void {
  const stop = stopOf(lane, now);
  const raised = stop && !toldHolds.has(lane.endpoint) && operational.endpointHeld(lane.route, stop);
  if (raised) {
    facts.raised.push(raised);
    note(facts, toldHolds, { endpoint: lane.endpoint, since: stop.since });
  }
}

/** Tells that something gets through to an endpoint again, if it was told that nothing went there. */
export function tellRecovered(facts: FactsDraft, lane: Lane, { toldHolds, operational }: TellingPorts): void {
  const since = toldHolds.get(lane.endpoint);
  if (since === undefined || lane.hold !== undefined || faultOf(lane) !== undefined) {
    return;
  }
  const raised = operational.endpointRecovered(lane.route, { since });
  facts.raised.push(...(raised === undefined ? [] : [raised]));
  note(facts, toldHolds, { endpoint: lane.endpoint, since: undefined });
}

/** Tells of lanes that are stopped, wherever that comes about. */
export interface HoldTeller {
  /** Tells of the lane if it is in memory and stopped, and that is news. */
  tellStopped(lane: Lane | undefined): void;
}

export interface HoldTellerPorts extends Pick<TellingPorts, "operational"> {
  readonly clock: Pick<Clock, "now">;
  readonly flusher: Pick<Flusher, "add">;
  /** The log has grown, durably. */
  readonly onLogGrown: () => void;
}

export function createHoldTeller(
  { toldHolds }: Pick<TellingPorts, "toldHolds">,
  { operational, clock, flusher, onLogGrown }: HoldTellerPorts,
): HoldTeller {
  /** Lanes whose stop is on its way into the store, or was refused there. */
  const telling = new WeakSet<Lane>();

  function isNews(lane: Lane): boolean {
    if (faultOf(lane) === undefined || toldHolds.has(lane.endpoint) || telling.has(lane)) {
      return false;
    }
    const stop = stopOf(lane, clock.now());
    return stop !== undefined && operational.endpointHeld(lane.route, stop) !== undefined;
  }

  return {
    tellStopped(lane) {
      if (lane === undefined || !isNews(lane)) {
        return;
      }
      telling.add(lane);
      flusher.add({
        endpoint: lane.endpoint,
        contribute: (facts) => tellHeld(facts, lane, { toldHolds, operational, now: clock.now() }),
        applied() {
          telling.delete(lane);
          onLogGrown();
        },
      });
    },
  };
}

/** Forgets that an endpoint was told of: it was disabled, which says more. */
export function forgetTold(facts: FactsDraft, toldHolds: SinceByEndpoint, endpoint: number): void {
  if (toldHolds.has(endpoint)) {
    note(facts, toldHolds, { endpoint, since: undefined });
  }
}

function note(
  facts: FactsDraft,
  toldHolds: SinceByEndpoint,
  change: { readonly endpoint: number; readonly since: number | undefined },
): void {
  setSince(toldHolds, change.endpoint, change.since);
  facts.toldHolds.push(change);
}

function stopOf(lane: Lane, now: number): Stop | undefined {
  const { hold, route } = lane;
  const fault = faultOf(lane);
  if (route.state !== "enabled") {
    return undefined;
  }
  if (fault !== undefined) {
    return { reason: fault, since: now, needsAttention: true, nextProbeAt: undefined };
  }
  if (hold === undefined) {
    return undefined;
  }
  const { reason, since, until } = hold;
  // Whoever asks for a pause, or restarts, is back in a moment; a circuit opens after more than that.
  const isTold = reason.startsWith(CIRCUIT_OPEN) || until - since >= HOLD_TOLD_MS_MIN;
  return isTold ? { reason, since, needsAttention: false, nextProbeAt: until } : undefined;
}
