import type { Clock } from "../../clock.ts";
import { offsetAt } from "../../model/offset.ts";

/** Gives an offset's time where it is not the database's clock that does: undefined. */
export type OffsetTime = () => number | undefined;

/** Takes the time of offsets from the database, on which all nodes agree. */
export const databaseTime: OffsetTime = () => undefined;

/** Takes the time of offsets from a clock of this process: for tests. */
export function clockTime(clock: Clock): OffsetTime {
  return () => offsetAt(clock.now());
}
