import type { Facts } from "../server/src/facts.ts";
import { type DeliveryKey, type Gap, LIVE, type Retry } from "../server/src/model/delivery.ts";

/** What the store was told and kept: written down beside it, so that it can be asked at any moment. */
export interface Ledger {
  epoch: number;
  checkpoint: number;
  changesApplied: number;
  apply(facts: Facts, at: number): void;
  /** `settled`: final attempt, dead letter or gap. `waiting`: in `retry`. `open`: neither. */
  standing(endpoint: number, offset: number): "settled" | "waiting" | "open";
  /** Since when (monotonic) a live delivery is settled; undefined if it is not. */
  settledAt(endpoint: number, offset: number): number | undefined;
  /** When a live delivery that waits in `retry` is due; undefined if it does not. */
  dueAt(endpoint: number, offset: number): number | undefined;
  /**
   * Since when (monotonic) the oldest replay of an endpoint is stored that is not over; undefined if there
   * is none.
   */
  replaysSince(endpoint: number): number | undefined;
  /** Whether a replay of this delivery waits or is on its way. */
  hasReplay(endpoint: number, offset: number): boolean;
  readonly lanes: ReadonlyMap<number, Facts["lanes"][number]>;
  /** When (monotonic) the present hold of a lane was written first; undefined if it has none. */
  heldAt(endpoint: number): number | undefined;
  /** Events whose erasure is durable. */
  readonly erased: ReadonlySet<number>;
  /** When (monotonic) a change was applied durably; undefined if it is not. */
  changeAppliedAt(change: number): number | undefined;
  readonly waiting: number;
  /** When (monotonic) a replay of a range ended durably; undefined if it has not. */
  replayEndedAt(replay: number): number | undefined;
  /** When, by the clock on the wall, it was written to have ended. */
  replayEndedBy(replay: number): number | undefined;
  /** How many live deliveries of an endpoint wait in `retry`. */
  retriesOf(endpoint: number): number;
}

interface TimedGap extends Pick<Gap, "from" | "to"> {
  readonly at: number;
}

/** `onClash`: two attempts would have one place, so that the store keeps only the first. */
export function createLedger(onClash: (place: string) => void): Ledger {
  const attempts = new Map<string, number>();
  const settled = new Map<string, number>();
  const retries = new Map<string, Retry>();
  const firstStoredAt = new Map<string, number>();
  const gaps = new Map<number, TimedGap[]>();
  const lanes = new Map<number, Facts["lanes"][number]>();
  const heldAt = new Map<number, number>();
  const erased = new Set<number>();
  const replaysEnded = new Map<number, { readonly at: number; readonly by: number }>();
  // Changes by the number of a replay of one delivery.
  const askedAt = new Map<number, number>();
  const applied: { readonly change: number; readonly at: number }[] = [];

  function addGap(endpoint: number, gap: TimedGap): void {
    const known = gaps.get(endpoint);
    if (known === undefined) {
      gaps.set(endpoint, [gap]);
    } else {
      known.push(gap);
    }
  }

  function settle(key: DeliveryKey, at: number): void {
    const place = placeOf(key);
    if (key.cursor === LIVE && !settled.has(place)) {
      settled.set(place, at);
    }
  }

  function abandon({ endpoint, from, to, replaysBefore }: Facts["abandoned"][number], at: number): void {
    const isEnded = ({ cursor }: Retry) =>
      cursor === LIVE || (askedAt.get(cursor) ?? Infinity) < replaysBefore;
    let lowest = from;
    for (const [place, retry] of retries) {
      if (retry.endpoint === endpoint && retry.offset <= to && isEnded(retry)) {
        lowest = Math.min(lowest, retry.offset);
        retries.delete(place);
      }
    }
    lanes.delete(endpoint);
    if (lowest <= to) {
      addGap(endpoint, { from: lowest, to, at });
    }
  }

  function endReplay({ replay, endpoint, ended }: Facts["replaying"][number], at: number): void {
    if (ended === undefined || replaysEnded.has(replay)) {
      return;
    }
    replaysEnded.set(replay, { at, by: ended.at });
    for (const [place, retry] of retries) {
      if (retry.endpoint === endpoint && retry.cursor === replay) {
        retries.delete(place);
      }
    }
  }

  function settledAt(endpoint: number, offset: number): number | undefined {
    const alone = settled.get(placeOf({ endpoint, cursor: LIVE, offset }));
    const gap = gaps.get(endpoint)?.find(({ from, to }) => from <= offset && offset <= to);
    return alone === undefined || (gap !== undefined && gap.at < alone) ? gap?.at : alone;
  }

  return {
    epoch: 0,
    checkpoint: 0,
    changesApplied: 0,
    lanes,
    heldAt: (endpoint) => (lanes.get(endpoint)?.hold === undefined ? undefined : heldAt.get(endpoint)),
    erased,
    settledAt,
    get waiting() {
      return retries.size;
    },
    retriesOf: (endpoint) =>
      [...retries.values()].filter((retry) => retry.endpoint === endpoint && retry.cursor === LIVE).length,
    apply(facts, at) {
      this.checkpoint = Math.max(this.checkpoint, facts.checkpoint);
      if (facts.changesApplied > this.changesApplied) {
        this.changesApplied = facts.changesApplied;
        applied.push({ change: facts.changesApplied, at });
      }
      for (const attempt of facts.attempts) {
        const place = `${placeOf(attempt)}/${attempt.number}`;
        const known = attempts.get(place);
        attempts.set(place, known ?? attempt.startedAt);
        if (known !== undefined && known !== attempt.startedAt) {
          onClash(place);
        } else if (attempt.verdict === "delivered" || attempt.verdict === "rejected") {
          settle(attempt, at);
        }
      }
      for (const retry of facts.retries) {
        const place = placeOf(retry);
        firstStoredAt.set(place, retries.has(place) ? (firstStoredAt.get(place) ?? at) : at);
        retries.set(place, retry);
      }
      facts.endedRetries.forEach((key) => retries.delete(placeOf(key)));
      facts.deadLetters.forEach((letter) => settle(letter, at));
      facts.gaps.forEach(({ endpoint, from, to }) => addGap(endpoint, { from, to, at }));
      facts.replays.forEach(({ number, changes }) => askedAt.set(number, changes));
      facts.abandoned.forEach((abandonment) => abandon(abandonment, at));
      facts.releasedLanes.forEach((endpoint) => lanes.delete(endpoint));
      for (const lane of facts.lanes) {
        if (lanes.get(lane.endpoint)?.hold?.until !== lane.hold?.until) {
          heldAt.set(lane.endpoint, at);
        }
        lanes.set(lane.endpoint, lane);
      }
      facts.replaying.forEach((step) => endReplay(step, at));
      facts.erasing.forEach(({ offsets }) => offsets.forEach((offset) => erased.add(offset)));
    },
    standing(endpoint, offset) {
      if (settledAt(endpoint, offset) !== undefined) {
        return "settled";
      }
      return retries.has(placeOf({ endpoint, cursor: LIVE, offset })) ? "waiting" : "open";
    },
    dueAt: (endpoint, offset) => retries.get(placeOf({ endpoint, cursor: LIVE, offset }))?.dueAt,
    replaysSince(endpoint) {
      const since = [...retries]
        .filter(([, retry]) => retry.endpoint === endpoint && retry.cursor !== LIVE)
        .map(([place]) => firstStoredAt.get(place) ?? 0);
      return since.length === 0 ? undefined : Math.min(...since);
    },
    hasReplay: (endpoint, offset) =>
      [...retries.values()].some(
        (retry) => retry.endpoint === endpoint && retry.offset === offset && retry.cursor !== LIVE,
      ),
    replayEndedAt: (replay) => replaysEnded.get(replay)?.at,
    replayEndedBy: (replay) => replaysEnded.get(replay)?.by,
    changeAppliedAt: (change) => applied.find((one) => one.change >= change)?.at,
  };
}

function placeOf({ endpoint, cursor, offset }: DeliveryKey): string {
  return `${endpoint}/${cursor}/${offset}`;
}
