import type { Clock } from "../clock.ts";
import type { EventMeta } from "../model/event.ts";
import type { Offset } from "../model/offset.ts";
import type { Flusher } from "./flusher.ts";
import { keepsOrder, type Lane } from "./lane.ts";
import { keyOf, remember, supersedes } from "./newest.ts";

/**
 * Lets endpoints that want the newest state of a thing have that, and not every step: what waits is passed
 * over once something newer stands behind it. It saves requests and promises none saved: what a lane forgot,
 * or never read, is sent. The newest itself is never passed over.
 */
export interface LatestOnly {
  /** Learns of an event that stands in the lane's line now: what it supersedes leaves the line. */
  note(lane: Lane, event: EventMeta): void;
}

export interface LatestOnlyPorts {
  readonly clock: Pick<Clock, "now">;
  readonly flusher: Pick<Flusher, "add">;
  /** Keys that a lane keeps in mind. */
  readonly keysMax: number;
  /** There is room in the lane again. */
  readonly onReady: (lane: Lane) => void;
}

export function createLatestOnly({ clock, flusher, keysMax, onReady }: LatestOnlyPorts): LatestOnly {
  /** What is to be recorded with the next flush: one change a lane, however many there are. */
  const gathered = new Map<Lane, Offset[]>();

  function passOver(lane: Lane, offset: Offset): void {
    lane.superseded.add(offset);
    const offsets = gathered.get(lane);
    if (offsets === undefined) {
      gathered.set(lane, [offset]);
      record(lane);
    } else {
      offsets.push(offset);
    }
  }

  function record(lane: Lane): void {
    const { endpoint } = lane;
    let offsets: readonly Offset[] = [];
    flusher.add({
      endpoint,
      contribute(facts) {
        offsets = gathered.get(lane) ?? [];
        gathered.delete(lane);
        // What is not in it any more was abandoned, and has its gap.
        for (const offset of offsets.filter((each) => lane.superseded.has(each))) {
          facts.gaps.push({ endpoint, from: offset, to: offset, reason: "superseded", at: clock.now() });
        }
      },
      applied() {
        for (const offset of offsets) {
          lane.superseded.delete(offset);
        }
        onReady(lane);
      },
    });
  }

  return {
    note(lane, event) {
      const key = keyOf(lane.route.endpoint.config.latestOnlyBy, event);
      if (key === undefined) {
        return;
      }
      const older = lane.newest.get(key);
      remember(lane.newest, { key, newest: event, keysMax });
      if (
        older !== undefined &&
        !(isHeadKept(lane) && lane.ready.peek() === older.offset) &&
        supersedes(event, older) &&
        lane.ready.remove(older.offset)
      ) {
        passOver(lane, older.offset);
      }
    },
  };
}

/** Whether the head of a lane stays although something newer of its key stands behind it. */
function isHeadKept(lane: Lane): boolean {
  // One that was tried leaves the line when it is to be tried again.
  const wasTried = (lane.hold?.requests ?? 0) > 0;
  // Where order matters, the head waits until what was passed over before it is durable. It is the next to go
  // then, however fast newer ones come.
  return wasTried || (keepsOrder(lane) && lane.superseded.size > 0);
}
