import type { Tokens } from "./tokens.ts";

/** Other words for what is looked for. */
const ALIASES: Readonly<Record<string, string>> = { after: "since", before: "until" };
const TIMES: readonly string[] = ["since", "until"];

const AGO = /^(\d{1,6})([smhd])$/;
const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** What may be written for `names`, too. */
export function withAliases(names: readonly string[]): readonly string[] {
  const others = Object.entries(ALIASES).filter(([, name]) => names.includes(name));
  return [...names, ...others.map(([alias]) => alias)];
}

/**
 * Says what a line looks for by the names that addresses have. A time may be as long ago as `90m`, `2h` or
 * `3d`: it becomes the moment that it is, so that who is sent the address sees the same.
 */
export function soughtBy(tokens: Tokens, now: number): Tokens {
  return Object.fromEntries(
    Object.entries(tokens).map(([name, value]) => {
      const known = ALIASES[name] ?? name;
      return [known, TIMES.includes(known) ? momentOf(value, now) : value];
    }),
  );
}

function momentOf(text: string, now: number): string {
  const [, count, unit = ""] = AGO.exec(text) ?? [];
  const unitMs = UNITS_MS[unit];
  return count === undefined || unitMs === undefined
    ? text
    : new Date(now - Number(count) * unitMs).toISOString();
}
