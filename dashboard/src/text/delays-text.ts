const DAY_MS = 86_400_000;
const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ["d", DAY_MS],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
];

const NONE = "none";
const DELAY = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Writes delays so that nothing of them is lost: `5s, 1h30m, 250ms`. `none`: there are no delays. */
export function delaysText(delaysMs: readonly number[]): string {
  return delaysMs.length === 0 ? NONE : delaysMs.map(delayText).join(", ");
}

/** Reads what `delaysText` writes, in milliseconds; undefined: a person wrote something else. */
export function delaysIn(text: string): readonly number[] | undefined {
  if (text.trim() === NONE) {
    return [];
  }
  const delays = text.split(",").map(delayIn);
  return delays.every((delay) => delay !== undefined) ? delays : undefined;
}

function delayText(delayMs: number): string {
  let left = delayMs;
  let text = "";
  for (const [name, ms] of UNITS) {
    const count = Math.floor(left / ms);
    left -= count * ms;
    text += count === 0 ? "" : `${count}${name}`;
  }
  return text === "" ? "0s" : text;
}

function delayIn(text: string): number | undefined {
  const written = text.replaceAll(/\s/g, "");
  const [, ...counts] = DELAY.exec(written) ?? [];
  return written === "" || counts.length === 0
    ? undefined
    : UNITS.reduce((sum, [, ms], at) => sum + Number(counts[at] ?? 0) * ms, 0);
}
