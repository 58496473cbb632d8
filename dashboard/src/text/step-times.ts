import type { Range } from "./figures.ts";

const TIME = { hour: "2-digit", minute: "2-digit" } as const;
const DAY = { day: "numeric", month: "short" } as const;

/** Says when a minute or an hour began, as short as an axis wants it. */
export function shortTimeText(ms: number, range: Range): string {
  const at = new Date(ms);
  return range === "30d" ? at.toLocaleDateString([], DAY) : at.toLocaleTimeString([], TIME);
}

/** Says when a minute or an hour began, so that no other of the range is meant. */
export function momentText(ms: number, range: Range): string {
  const at = new Date(ms);
  return range === "1h" ? at.toLocaleTimeString([], TIME) : at.toLocaleString([], { ...DAY, ...TIME });
}
