import type { Replay } from "@posthorn/client/operations";

/** Says how much of a replay is done, 0 to 1: of its deliveries, if they are counted, or of its range. */
export function replayShare(replay: Replay, deliveries: number | undefined): number {
  if (replay.state === "finished") {
    return 1;
  }
  if (deliveries !== undefined) {
    return partOf(settledIn(replay), deliveries);
  }
  const [from = 0, to = 0, at = 0] = [replay.since, replay.until, replay.position].map((time) =>
    Date.parse(time),
  );
  return partOf(at - from, to - from);
}

/** How many deliveries it has found: what it has read without a gap may be less than what has ended. */
export function foundIn(replay: Replay): number {
  return Math.max(replay.matched, settledIn(replay));
}

/** How many of them have come to an end. */
export function settledIn({ delivered, failed, passed_over }: Replay): number {
  return delivered + failed + passed_over;
}

function partOf(done: number, whole: number): number {
  return Math.max(0, Math.min(1, done / Math.max(1, whole)));
}
