import type { Receipt } from "./logs.ts";

/**
 * Requests that an owner had begun before it stood still, and that arrived after the next owner's: what the
 * newest life sends is its own, whether it stood still or not.
 */
export function staleRequests(
  receipts: readonly Receipt[],
  stoodStill: ReadonlyMap<number, number> = new Map(),
): ReadonlySet<Receipt> {
  const lives = new Set<number>();
  let newest = 0;
  const isStale = ({ life }: Receipt, place: number): boolean => {
    newest = lives.has(life) ? newest : life;
    lives.add(life);
    return life !== newest && place >= (stoodStill.get(life) ?? Infinity);
  };
  return new Set(receipts.filter(isStale));
}
