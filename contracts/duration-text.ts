const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Says how long something takes, in its two largest units: `4 m 12 s`, `320 ms`. */
export function durationText(ms: number): string {
  if (ms < SECOND_MS) {
    return `${Math.max(0, Math.round(ms))} ms`;
  }
  if (ms < MINUTE_MS) {
    return `${ms < 10 * SECOND_MS ? (Math.floor(ms / 100) / 10).toString() : Math.floor(ms / SECOND_MS)} s`;
  }
  if (ms < HOUR_MS) {
    return twoUnits([ms, MINUTE_MS, "m"], [SECOND_MS, "s"]);
  }
  return ms < DAY_MS
    ? twoUnits([ms, HOUR_MS, "h"], [MINUTE_MS, "m"])
    : twoUnits([ms, DAY_MS, "d"], [HOUR_MS, "h"]);
}

function twoUnits(
  [ms, large, largeName]: readonly [number, number, string],
  [small, smallName]: readonly [number, string],
): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${largeName}${rest === 0 ? "" : ` ${rest} ${smallName}`}`;
}
