import type { Attempt } from "@posthorn/client/operations";

export interface Phase {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Whether it was the last one, and came to nothing. */
  readonly isBroken: boolean;
}

type Timed = Pick<Attempt, "connected_ms" | "headers_ms" | "duration_ms" | "status">;

/** Says how long each part of a request took, in their order, up to the one it ended in. */
export function phasesOf({ connected_ms, headers_ms, duration_ms, status }: Timed): readonly Phase[] {
  const ends = [
    ["Connect", connected_ms],
    ["Wait for the answer", headers_ms],
    ["Read the answer", status === null ? null : duration_ms],
  ] as const;
  const phases: Phase[] = [];
  let fromMs = 0;
  for (const [name, endMs] of ends) {
    const isBroken = endMs === null;
    // Times are rounded one by one: none ends before it begins, or after the whole.
    const toMs = Math.min(duration_ms, Math.max(fromMs, endMs ?? duration_ms));
    phases.push({ name, fromMs, toMs, isBroken });
    if (isBroken) {
      break;
    }
    fromMs = toMs;
  }
  return phases;
}
