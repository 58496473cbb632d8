import { durationText } from "@posthorn/contracts/duration-text";

const SECOND_MS = 1000;
const DUE_NOW_MS = 5000;

/** Says when something was or will be, as seen from now: `3 m 5 s ago`, `in 4 m 12 s`, `now`. */
export function relativeText(at: number, now: number): string {
  const ms = at - now;
  if (Math.abs(ms) < SECOND_MS) {
    return "now";
  }
  const whole = Math.floor(Math.abs(ms) / SECOND_MS) * SECOND_MS;
  return ms > 0 ? `in ${durationText(whole)}` : `${durationText(whole)} ago`;
}

/** Says when something is due: `in 4 m 12 s`, `now`, and where that has passed, `due 3 m 5 s ago`. */
export function dueText(at: number, now: number): string {
  // What is due begins at once, and is told a moment later.
  const isNow = at <= now && now - at < DUE_NOW_MS;
  return isNow ? "now" : `${at < now ? "due " : ""}${relativeText(at, now)}`;
}

/** Says how large something is: `912 B`, `1.4 KB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) {
    return `${bytes} B`;
  }
  const kilobytes = bytes / 1024;
  if (kilobytes < 1024) {
    return `${kilobytes.toFixed(1)} KB`;
  }
  const megabytes = kilobytes / 1024;
  return megabytes < 1024 ? `${megabytes.toFixed(1)} MB` : `${(megabytes / 1024).toFixed(1)} GB`;
}

/** Says a count, and that it may be more: `1,204`, `10,000 or more`. */
export function countText(count: number, isAtLeast?: boolean): string {
  return `${count.toLocaleString("en")}${isAtLeast === true ? " or more" : ""}`;
}
