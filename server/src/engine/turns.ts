import { createFifo, type Fifo } from "./fifo.ts";
import type { Lane } from "./lane.ts";

/**
 * The lanes that wait for a turn. Tenants take turns first and the lanes of a tenant second, so that one with
 * a thousand endpoints gets no more turns than one with one (invariant 10). A turn is one request whatever it
 * carries, so that there is no deficit to be carried from round to round. Slow lanes have a round of their
 * own: when they may begin nothing, nobody stands behind them.
 */
export interface Turns {
  /** Puts a lane at the end of its tenant's line; one that stands in it already keeps its place. */
  add(lane: Lane): void;
  /** Takes the lane whose turn it is out of its line. */
  next(room: Room): Lane | undefined;
}

/** Whose requests may begin. */
export interface Room {
  readonly hasSlow: boolean;
  has(line: Line): boolean;
}

export interface Line {
  readonly tenant: number;
  readonly isSlow: boolean;
}

export function createTurns(): Turns {
  const slow = createRound(true);
  const others = createRound(false);
  return {
    add(lane) {
      (lane.isSlow ? slow : others).add(lane);
    },
    // The slow go first where they may: they are few, and it is seldom.
    next: (room) => (room.hasSlow ? slow.next(room) : undefined) ?? others.next(room),
  };
}

interface TenantLine extends Line {
  /** Some may stand in the other round by now. */
  readonly lanes: Fifo<Lane>;
}

function createRound(isSlow: boolean): Turns {
  const name = isSlow ? "slow" : "others";
  const lines = new Map<number, TenantLine>();
  const round = createFifo<TenantLine>();

  function lineOf(tenant: number): TenantLine {
    const known = lines.get(tenant);
    if (known !== undefined) {
      return known;
    }
    const line = { tenant, isSlow, lanes: createFifo<Lane>() };
    lines.set(tenant, line);
    round.push(line);
    return line;
  }

  function shift({ lanes }: TenantLine): Lane | undefined {
    for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift()) {
      if (lane.standsIn === name) {
        lane.standsIn = undefined;
        return lane;
      }
    }
    return undefined;
  }

  return {
    add(lane) {
      if (lane.standsIn !== name) {
        lane.standsIn = name;
        lineOf(lane.route.endpoint.tenant).lanes.push(lane);
      }
    },
    next(room) {
      for (let left = round.size(); left > 0; left -= 1) {
        const line = round.shift();
        if (line === undefined) {
          return undefined;
        }
        const lane = room.has(line) ? shift(line) : undefined;
        if (line.lanes.size() > 0) {
          round.push(line);
        } else {
          lines.delete(line.tenant);
        }
        if (lane !== undefined) {
          return lane;
        }
      }
      return undefined;
    },
  };
}
