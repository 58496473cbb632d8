import type { Clock } from "../../clock.ts";
import type { Abandonment, Disabling, Facts } from "../../facts.ts";
import { type Cursor, type DeliveryKey, type Gap, LIVE } from "../../model/delivery.ts";
import { currentVersion } from "../../model/endpoint.ts";
import { type Lease, type Settled, type SettledQuery, StoreRefusal } from "../../store.ts";
import { countedToIn } from "../stats.ts";
import { age } from "./ageing.ts";
import { putBlock } from "./directory.ts";
import { erase } from "./erasure.ts";
import { raise } from "./log.ts";
import { moveReplay } from "./replays.ts";
import { putRetry, removeRetry, retriesOf } from "./retries.ts";
import { noteAnswered } from "./sharing.ts";
import { changeEndpoint, type State } from "./state.ts";
import { addStats } from "./stats.ts";

/** Writes facts if the epoch is the newest, and the flush too; writing them again changes nothing. */
export function flush(
  state: State,
  clock: Clock,
  { lease, facts }: { lease: Lease; facts: Facts },
): "flushed" | "fenced" {
  if (lease.epoch !== state.lease.epoch) {
    return "fenced";
  }
  if (facts.flush !== 0 && facts.flush <= state.lease.flushes) {
    return "flushed";
  }
  assertWhole(facts);
  moveLease(state, facts);
  for (const attempt of facts.attempts) {
    if (state.attempts.find(attempt) === undefined) {
      state.attempts.put(attempt);
    }
  }
  for (const retry of facts.retries) {
    putRetry(state, retry);
  }
  for (const key of facts.endedRetries) {
    removeRetry(state, key);
  }
  for (const letter of facts.deadLetters) {
    state.deadLetters.put(letter);
  }
  for (const gap of facts.gaps) {
    putGap(state, gap);
  }
  for (const replay of facts.replays) {
    state.replays.set(replay.number, replay);
  }
  for (const abandonment of facts.abandoned) {
    abandon(state, abandonment);
  }
  for (const endpoint of facts.releasedLanes) {
    state.lanes.delete(endpoint);
  }
  for (const lane of facts.lanes) {
    state.lanes.set(lane.endpoint, lane);
  }
  for (const disabling of facts.disabled) {
    disable(state, clock, disabling);
  }
  changeSince(state.failing, facts.failing);
  changeSince(state.toldHolds, facts.toldHolds);
  facts.raised.forEach((raised) => raise(state, clock, raised));
  facts.directory.forEach((block) => putBlock(state, block));
  for (const step of facts.erasing) {
    erase(state, step);
  }
  facts.ageing.forEach((step) => age(state, step));
  facts.replaying.forEach((step) => moveReplay(state, step));
  facts.stats.forEach((step) => addStats(state, step));
  facts.answered.forEach((answered) => noteAnswered(state, answered));
  return "flushed";
}

function moveLease(state: State, facts: Facts): void {
  const { flush: number, checkpoint, changesApplied } = facts;
  const { lease } = state;
  state.lease = {
    epoch: lease.epoch,
    flushes: Math.max(lease.flushes, number),
    checkpoint: Math.max(lease.checkpoint, checkpoint),
    changesApplied: Math.max(lease.changesApplied, changesApplied),
    countedTo: Math.max(lease.countedTo, countedToIn(facts)),
  };
}

function changeSince(
  known: Map<number, number>,
  changes: readonly { readonly endpoint: number; readonly since: number | undefined }[],
): void {
  for (const { endpoint, since } of changes) {
    if (since === undefined) {
      known.delete(endpoint);
    } else {
      known.set(endpoint, since);
    }
  }
}

function putGap(state: State, gap: Gap): void {
  const known = state.gaps.find(gap);
  state.gaps.put({ ...gap, to: Math.max(gap.to, known?.to ?? 0) });
}

function abandon(state: State, { endpoint, from, to, replaysBefore, reason, at }: Abandonment): void {
  const isEnded = (cursor: Cursor) =>
    cursor === LIVE || (state.replays.get(cursor)?.changes ?? replaysBefore) < replaysBefore;
  const ended = retriesOf(state, endpoint).filter(({ cursor, offset }) => offset <= to && isEnded(cursor));
  for (const retry of ended) {
    removeRetry(state, retry);
  }
  state.lanes.delete(endpoint);
  const lowest = ended.reduce((least, { offset }) => Math.min(least, offset), from);
  const isCovered = state.gaps.rows.some(
    (gap) => gap.endpoint === endpoint && gap.reason === reason && gap.from <= lowest && gap.to >= to,
  );
  if (lowest <= to && !isCovered) {
    putGap(state, { endpoint, from: lowest, to, reason, at });
  }
}

function disable(state: State, clock: Clock, { endpoint: number, reason, raises }: Disabling): void {
  const endpoint = state.endpoints[number - 1];
  const current = endpoint === undefined ? undefined : currentVersion(endpoint).state;
  if (endpoint !== undefined && (current === "enabled" || current === "paused")) {
    const now = clock.now();
    changeEndpoint(state, endpoint, { state: "disabled", reason, now, clockNow: now });
    raise(state, clock, raises);
  }
}

/** Reads which deliveries of a cursor need no sending. */
export function readSettled(state: State, { after, to, endpoint, cursor = LIVE }: SettledQuery): Settled {
  const isAsked = (fact: { readonly endpoint: number }) =>
    endpoint === undefined || fact.endpoint === endpoint;
  const isSettled = (fact: DeliveryKey) =>
    fact.cursor === cursor && fact.offset > after && fact.offset <= to && isAsked(fact);
  const settled = new Map<string, { readonly endpoint: number; readonly offset: number }>();
  const finals = state.attempts.rows
    .slice(state.attempts.countBefore({ offset: after + 1, endpoint: 0, cursor: LIVE, number: 0 }))
    .filter(({ verdict }) => verdict === "delivered" || verdict === "rejected");
  for (const fact of [...finals, ...state.deadLetters.rows, ...state.retries.rows]) {
    if (isSettled(fact)) {
      settled.set(`${fact.offset}/${fact.endpoint}`, { endpoint: fact.endpoint, offset: fact.offset });
    }
  }
  return {
    deliveries: [...settled.values()].sort((a, b) => a.offset - b.offset || a.endpoint - b.endpoint),
    gaps:
      cursor === LIVE
        ? state.gaps.rows.filter((gap) => gap.from <= to && gap.to > after && isAsked(gap))
        : [],
  };
}

// A database refuses a fraction in a whole column: an engine that gives one must fail in a simulation first.
function assertWhole(facts: Facts): void {
  const numbers = [
    ...facts.attempts.flatMap((a) => [a.offset, a.endpoint, a.cursor, a.number, a.startedAt]),
    ...facts.retries.flatMap((r) => [r.offset, r.endpoint, r.cursor, r.requests, r.used, r.dueAt]),
    ...facts.deadLetters.flatMap((d) => [d.offset, d.endpoint, d.cursor, d.at]),
    ...facts.gaps.flatMap((g) => [g.endpoint, g.from, g.to, g.at]),
    ...facts.lanes.flatMap((l) => [l.endpoint, l.position]),
    ...facts.replays.flatMap((r) => [r.number, r.endpoint, r.from, r.to, r.changes, r.createdAt]),
    ...facts.abandoned.flatMap((a) => [a.endpoint, a.from, a.to, a.replaysBefore, a.at]),
    ...[...facts.failing, ...facts.toldHolds].flatMap((f) => [f.endpoint, f.since ?? 0]),
    ...facts.replaying.flatMap((r) => [r.replay, r.endpoint, r.ended?.at ?? 0]),
    ...facts.replaying.flatMap(({ progress: p }) => [p.position, p.lookedAt, p.chosen, p.passedOver]),
    ...facts.replaying.flatMap(({ progress: p }) => [p.delivered, p.failed]),
    ...facts.directory.flatMap((d) => [d.after, d.to]),
    ...facts.stats.flatMap(({ countedTo, rows }) => [countedTo, ...rows.flatMap((r) => [r.tenant, r.at])]),
    ...facts.stats.flatMap(({ rows }) => rows.flatMap(({ counts: c }) => [c.accepted, ...c.durations])),
    facts.checkpoint,
    facts.changesApplied,
  ];
  const wrong = numbers.find((number) => !Number.isSafeInteger(number) || number < 0);
  if (wrong !== undefined) {
    throw new StoreRefusal(new Error(`facts have whole numbers from 0 only, got ${wrong}`));
  }
}
