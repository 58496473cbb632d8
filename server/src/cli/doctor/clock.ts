import { AHEAD_MS } from "../../restoration.ts";
import { type Finding, findingsOf } from "./finding.ts";

const { ok, warning, problem } = findingsOf("clock");

export interface Times {
  /** In milliseconds since 1970, by this machine. */
  readonly now: number;
  /** How far this machine's time moved since this process began, beside what passed. */
  readonly jumpedMs: number;
  /** When the newest place of the log is from; undefined: it was not read. */
  readonly newestAt: number | undefined;
  /** How far the database's clock is ahead of this machine's; undefined: it was not read, or has none. */
  readonly databaseAheadMs: number | undefined;
}

// A round trip to a database that is far away is less.
const DIFFERENCE_MS_MAX = 2000;
const JUMP_MS_MAX = 1000;

const SYNCHRONISE = "keep the clock with NTP or chrony, which move it slowly, and see why they did not";

/** Says whether the time is right, as far as what is stored can tell. */
export function clockFindings(times: Times): readonly Finding[] {
  const found = [...differenceFindings(times), ...newestFindings(times), ...jumpFindings(times)];
  return found.length > 0 ? found : [ok(`it is ${new Date(times.now).toISOString()}${comparedWith(times)}`)];
}

function comparedWith({ newestAt, databaseAheadMs }: Times): string {
  if (databaseAheadMs !== undefined) {
    return `, ${Math.abs(databaseAheadMs)} ms from the database's clock`;
  }
  return newestAt === undefined ? "; nothing is stored to compare it with" : ", and nothing stored is newer";
}

function differenceFindings({ databaseAheadMs = 0 }: Times): readonly Finding[] {
  const apartMs = Math.abs(databaseAheadMs);
  if (apartMs <= DIFFERENCE_MS_MAX) {
    return [];
  }
  const side = databaseAheadMs > 0 ? "behind" : "ahead of";
  const says = `this machine's clock is ${apartMs} ms ${side} the database's`;
  // What is recovered counts on clocks that are less than this apart.
  return [apartMs > AHEAD_MS ? problem(says, SYNCHRONISE) : warning(says, SYNCHRONISE)];
}

function newestFindings({ now, newestAt = 0, databaseAheadMs = 0 }: Times): readonly Finding[] {
  const aheadMs = newestAt - (now + databaseAheadMs);
  // A log that was restored goes on so far ahead of the clock.
  if (aheadMs <= AHEAD_MS + DIFFERENCE_MS_MAX) {
    return [];
  }
  return [
    warning(
      `the newest of the log is from ${new Date(newestAt).toISOString()}, ${Math.round(aheadMs / 1000)} s ` +
        "ahead of the clock: that was set back, or moved ahead in development",
      "set the clock right; until it is there, what is new gets ids and times of the log instead of its own",
    ),
  ];
}

function jumpFindings({ jumpedMs }: Times): readonly Finding[] {
  return Math.abs(jumpedMs) <= JUMP_MS_MAX
    ? []
    : [warning(`the clock jumped by ${Math.round(jumpedMs)} ms while this looked at it`, SYNCHRONISE)];
}
