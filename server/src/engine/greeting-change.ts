import type { Hold } from "../model/delivery.ts";
import { currentVersion } from "../model/endpoint.ts";
import type { Offset } from "../model/offset.ts";
import type { Change } from "./flusher.ts";
import type { GreetingOutcome } from "./greeting.ts";
import { endedHold, HANDSHAKE } from "./hold-end.ts";
import { type Lane, rowOf } from "./lane.ts";
import { paceOf } from "./pace.ts";
import type { Route } from "./routes.ts";
import { type Fraction, nextHold } from "./schedule.ts";
import { type TellingPorts, tellHeld, tellRecovered } from "./told-holds.ts";
import { rememberWelcome, type Welcome, type Welcomes } from "./welcome.ts";

export interface GreetingChangePorts extends TellingPorts {
  /** The log has grown, durably. */
  readonly onLogGrown: () => void;
  readonly welcomes: Welcomes;
  readonly welcomesMax: number;
  readonly fraction: Fraction;
  readonly routedTo: () => Offset;
}

/**
 * Lets the outcome of a greeting take effect at once, and returns what is to be stored of it: the lane's
 * hold, if that is another now. An outcome that came after its endpoint was changed says nothing.
 */
export function greetingChange(
  lane: Lane,
  outcome: GreetingOutcome,
  ports: GreetingChangePorts,
): Change | undefined {
  const { route, reception } = outcome;
  const { change } = currentVersion(route.endpoint);
  if (currentVersion(lane.route.endpoint).change !== change) {
    return undefined;
  }
  lane.welcome = reception.kind === "accepted" ? welcomeOf(outcome, reception.ratePerSecond) : undefined;
  const { welcomes, welcomesMax: max } = ports;
  rememberWelcome(welcomes, { endpoint: lane.endpoint, welcome: lane.welcome, max });
  const before = lane.hold;
  const hold = holdAfter(lane, outcome, ports.fraction);
  lane.hold = hold;
  if (hold === before) {
    return undefined;
  }
  return rowChange(lane, { route, isAccepted: reception.kind === "accepted", now: outcome.endedAt }, ports);
}

function welcomeOf({ route, endedAt }: GreetingOutcome, ratePerSecond: number | undefined): Welcome {
  return {
    change: currentVersion(route.endpoint).change,
    from: endedAt,
    until: endedAt + (route.contract.handshake?.everyMs ?? 0),
    paceMs: paceOf(ratePerSecond),
  };
}

function holdAfter(
  { hold }: Lane,
  { route, reception, startedAt, endedAt: now }: GreetingOutcome,
  fraction: Fraction,
): Hold | undefined {
  if (reception.kind === "accepted") {
    return hold?.reason.startsWith(HANDSHAKE) === true ? endedHold(hold, now) : hold;
  }
  // A greeting is made anew because an endpoint was saved, too: its refusal is news while the lane is held.
  const over = hold === undefined ? undefined : { ...hold, until: Math.min(hold.until, startedAt) };
  const next = nextHold(route.policy.hold, {
    hold: over,
    reason: HANDSHAKE + reception.reason,
    startedAt,
    now,
    afterMs: reception.afterMs,
    requests: hold?.requests ?? 0,
    fraction,
  });
  return { ...next, until: Math.max(next.until, hold?.until ?? 0) };
}

function rowChange(
  lane: Lane,
  { route, isAccepted, now }: { route: Route; isAccepted: boolean; now: number },
  ports: GreetingChangePorts,
): Change {
  const { abandonedTo } = route;
  const { hold } = lane;
  let isLogGrown = false;
  return {
    endpoint: lane.endpoint,
    contribute(facts) {
      // What came since says more: another outcome, or the end of what the endpoint was owed.
      if (lane.hold === hold && lane.row?.hold !== hold && lane.route.abandonedTo === abandonedTo) {
        lane.row = rowOf(lane, ports.routedTo());
        facts.lanes.push(lane.row);
        const before = facts.raised.length;
        if (isAccepted) {
          tellRecovered(facts, lane, ports);
        } else {
          tellHeld(facts, lane, { ...ports, now });
        }
        isLogGrown = facts.raised.length > before;
      }
    },
    applied() {
      if (isLogGrown) {
        ports.onLogGrown();
      }
    },
  };
}
