import { createFifo, type Fifo } from "./fifo.ts";
import type { Lane } from "./lane.ts";

/**
 * The lanes that wait for a turn. Tenants take turns first and the lanes of a tenant second, so that one with
 * a thousand endpoints gets no more turns than one with one (invariant 10). A turn is one request whatever it
 * carries, so that there is no deficit to be carried from round to round.
 */
export interface Turns {
  /** Puts a lane at the end of its tenant's line; one that stands in it already keeps its place. */
  add(lane: Lane): void;
  /** Takes the lane whose turn it is out of the line, passing over tenants that may not begin anything. */
  next(mayBegin: (tenant: number) => boolean): Lane | undefined;
}

interface TenantLine {
  readonly tenant: number;
  readonly lanes: Fifo<Lane>;
}

export function createTurns(): Turns {
  const lines = new Map<number, TenantLine>();
  const round = createFifo<TenantLine>();

  function lineOf(tenant: number): TenantLine {
    const known = lines.get(tenant);
    if (known !== undefined) {
      return known;
    }
    const line = { tenant, lanes: createFifo<Lane>() };
    lines.set(tenant, line);
    round.push(line);
    return line;
  }

  return {
    add(lane) {
      if (!lane.isQueued) {
        lane.isQueued = true;
        lineOf(lane.route.endpoint.tenant).lanes.push(lane);
      }
    },
    next(mayBegin) {
      for (let left = round.length; left > 0; left -= 1) {
        const line = round.shift();
        if (line === undefined) {
          return undefined;
        }
        const lane = mayBegin(line.tenant) ? line.lanes.shift() : undefined;
        if (line.lanes.length > 0) {
          round.push(line);
        } else {
          lines.delete(line.tenant);
        }
        if (lane !== undefined) {
          lane.isQueued = false;
          return lane;
        }
      }
      return undefined;
    },
  };
}
