import type { Clock } from "../server/src/clock.ts";
import type { Facts } from "../server/src/facts.ts";
import { DAY_MS } from "../server/src/model/duration.ts";
import { type Offset, timeOfOffset } from "../server/src/model/offset.ts";
import type { Retention } from "../server/src/model/retention.ts";
import type { Watch } from "./watch.ts";

export interface AgeingCheck {
  /** Events whose payload has gone by its age. That none of it was owed, their gaps tell in the end. */
  readonly aged: ReadonlySet<Offset>;
  flushed(facts: Facts): void;
}

export interface AgeingCheckPorts {
  readonly clock: Clock;
  readonly watch: Watch;
  readonly isTimeSteady: boolean;
  readonly retention: Retention;
}

/** Checks that nothing is forgotten before its time. */
export function createAgeingCheck({ clock, watch, isTimeSteady, retention }: AgeingCheckPorts): AgeingCheck {
  const aged = new Set<Offset>();
  return {
    aged,
    flushed({ ageing }) {
      for (const { kind, offsets } of ageing) {
        const keptMs = (retention[kind] ?? Infinity) * DAY_MS;
        const isEarly = offsets.some((offset) => clock.now() - timeOfOffset(offset) < keptMs);
        if (isTimeSteady && isEarly) {
          watch.fail("kept_long_enough", `${kind} of ${offsets} went before its time`);
        }
        offsets.filter(() => kind === "payload").forEach((offset) => aged.add(offset));
      }
    },
  };
}
