import type { Clock } from "../../clock.ts";
import type { Abandonment, Disabling, Facts, FailingChange, ToldHoldChange } from "../../facts.ts";
import type { Attempt, DeadLetter, Gap, LaneRow, Replay, Retry } from "../../model/delivery.ts";
import { currentVersion } from "../../model/endpoint.ts";
import type { RaisedEvent } from "../../model/event.ts";
import { submissionOf } from "../../raised.ts";
import type { Lease } from "../../store.ts";
import type { HashSubject } from "../directory/subject-hash.ts";
import { countedToIn } from "../stats.ts";
import { age } from "./ageing.ts";
import type { Appender } from "./append.ts";
import { bigints, byteas, doubles, texts } from "./binary-arrays.ts";
import type { Database, Session } from "./database.ts";
import { putBlocks } from "./directory.ts";
import { createEndpointWriter, readEndpoints } from "./endpoints.ts";
import { erase } from "./erasure.ts";
import {
  ABANDON,
  END_FAILING,
  END_RETRIES,
  END_TOLD_HOLDS,
  FIND_FLUSH,
  MOVE_CHECKPOINT,
  PUT_ATTEMPTS,
  PUT_DEAD_LETTERS,
  PUT_FAILING,
  PUT_GAPS,
  PUT_LANES,
  PUT_REPLAYS,
  PUT_RETRIES,
  PUT_TOLD_HOLDS,
  RELEASE_LANES,
} from "./queries/facts.ts";
import { READ_ENDPOINT } from "./queries/read-endpoints.ts";
import { ANSWER, END_OUTGOING, PUT_OUTGOING } from "./queries/sharing.ts";
import { moveReplay } from "./replays.ts";
import { addStats } from "./stats.ts";
import type { TenantShards } from "./tenant-shards.ts";
import type { OffsetTime } from "./time.ts";

export interface FlushPorts {
  readonly database: Database;
  readonly clock: Clock;
  readonly offsetTime: OffsetTime;
  readonly appender: Appender;
  readonly hashSubject: HashSubject;
  readonly shards: TenantShards;
}

/**
 * Writes facts in one transaction, a statement a table. What takes the shard's lock, which accepting waits
 * for, comes last.
 */
export function flush(ports: FlushPorts, lease: Lease, facts: Facts): Promise<"flushed" | "fenced"> {
  return ports.database.transaction(async (session) => {
    const { id: shard, epoch } = lease;
    const { flush: number, checkpoint, changesApplied } = facts;
    const moved = [checkpoint, changesApplied, number, countedToIn(facts)];
    if ((await session.run(MOVE_CHECKPOINT, shard, epoch, ...moved)) === 0) {
      return (await session.run(FIND_FLUSH, shard, epoch, number)) === 0 ? "fenced" : "flushed";
    }
    await putFacts(session, shard, facts);
    await putBlocks(session, shard, { blocks: facts.directory, hashSubject: ports.hashSubject });
    for (const step of facts.erasing) {
      await erase(session, shard, step);
    }
    for (const step of facts.ageing) {
      await age(session, shard, step);
    }
    for (const step of facts.replaying) {
      await moveReplay(session, shard, step);
    }
    for (const step of facts.stats) {
      await addStats(session, shard, step);
    }
    for (const disabling of facts.disabled) {
      await disable(session, ports, disabling);
    }
    await settleShared(session, shard, facts);
    await raise(session, shard, { raised: facts.raised, ...ports });
    return "flushed";
  });
}

async function putFacts(session: Session, shard: number, facts: Facts): Promise<void> {
  const write = async <Fact>(statement: string, given: readonly Fact[], columnsOf: ColumnsOf<Fact>) => {
    if (given.length > 0) {
      await session.run(statement, shard, ...columnsOf(given));
    }
  };
  await write(PUT_ATTEMPTS, facts.attempts, attemptColumns);
  await write(PUT_RETRIES, lastOf(facts.retries, deliveryName), retryColumns);
  await write(END_RETRIES, facts.endedRetries, (ended) => [
    bigints(ended.map(({ endpoint }) => endpoint)),
    bigints(ended.map(({ cursor }) => cursor)),
    bigints(ended.map(({ offset }) => offset)),
  ]);
  await write(PUT_DEAD_LETTERS, lastOf(facts.deadLetters, deliveryName), deadLetterColumns);
  await write(PUT_GAPS, widest(facts.gaps), gapColumns);
  await write(
    PUT_REPLAYS,
    lastOf(facts.replays, ({ number }) => number),
    replayColumns,
  );
  for (const abandonment of facts.abandoned) {
    await session.run(ABANDON, shard, ...valuesOf(abandonment));
  }
  await write(RELEASE_LANES, facts.releasedLanes, (endpoints) => [bigints(endpoints)]);
  await write(
    PUT_LANES,
    lastOf(facts.lanes, ({ endpoint }) => endpoint),
    laneColumns,
  );
  await putSinces(session, shard, { changes: facts.failing, put: PUT_FAILING, end: END_FAILING });
  await putSinces(session, shard, { changes: facts.toldHolds, put: PUT_TOLD_HOLDS, end: END_TOLD_HOLDS });
}

/** Writes since when something is so of endpoints, and ends it where it is so no longer. */
async function putSinces(
  session: Session,
  shard: number,
  {
    changes,
    put,
    end,
  }: { readonly changes: readonly SinceChange[]; readonly put: string; readonly end: string },
): Promise<void> {
  const last = lastOf(changes, ({ endpoint }) => endpoint);
  const begun = last.filter(({ since }) => since !== undefined);
  const ended = last.filter(({ since }) => since === undefined);
  const endpointsOf = (each: readonly SinceChange[]) => bigints(each.map(({ endpoint }) => endpoint));
  if (begun.length > 0) {
    await session.run(put, shard, endpointsOf(begun), bigints(begun.map(({ since }) => since)));
  }
  if (ended.length > 0) {
    await session.run(end, shard, endpointsOf(ended));
  }
}

type SinceChange = FailingChange | ToldHoldChange;

type ColumnsOf<Fact> = (facts: readonly Fact[]) => readonly Buffer[];

/** Of facts about the same thing the last: a statement writes no row twice. */
function lastOf<Fact>(facts: readonly Fact[], nameOf: (fact: Fact) => string | number): readonly Fact[] {
  return [...new Map(facts.map((fact) => [nameOf(fact), fact])).values()];
}

function deliveryName({ endpoint, cursor, offset }: Retry | DeadLetter): string {
  return `${endpoint}/${cursor}/${offset}`;
}

/** As lastOf, with the furthest end. */
function widest(gaps: readonly Gap[]): readonly Gap[] {
  const byName = new Map<string, Gap>();
  for (const gap of gaps) {
    const name = `${gap.endpoint}/${gap.from}/${gap.reason}`;
    byName.set(name, { ...gap, to: Math.max(gap.to, byName.get(name)?.to ?? 0) });
  }
  return [...byName.values()];
}

function attemptColumns(attempts: readonly Attempt[]): readonly Buffer[] {
  return [
    bigints(attempts.map(({ offset }) => offset)),
    bigints(attempts.map(({ endpoint }) => endpoint)),
    bigints(attempts.map(({ cursor }) => cursor)),
    bigints(attempts.map(({ number }) => number)),
    bigints(attempts.map(({ startedAt }) => startedAt)),
    doubles(attempts.map(({ durationMs }) => durationMs)),
    doubles(attempts.map(({ connectedMs }) => connectedMs)),
    doubles(attempts.map(({ headersMs }) => headersMs)),
    texts(attempts.map(({ verdict }) => verdict)),
    texts(attempts.map(({ reason }) => reason)),
    bigints(attempts.map(({ status }) => status)),
    byteas(attempts.map(({ answer }) => answer)),
    byteas(attempts.map(({ payloadHash }) => payloadHash)),
    bigints(attempts.map(({ batch }) => batch)),
    texts(attempts.map(({ detail }) => detail)),
  ];
}

function retryColumns(retries: readonly Retry[]): readonly Buffer[] {
  return [
    bigints(retries.map(({ endpoint }) => endpoint)),
    bigints(retries.map(({ cursor }) => cursor)),
    bigints(retries.map(({ offset }) => offset)),
    bigints(retries.map(({ requests }) => requests)),
    bigints(retries.map(({ used }) => used)),
    bigints(retries.map(({ dueAt }) => dueAt)),
    texts(retries.map(({ reason }) => reason)),
  ];
}

function deadLetterColumns(letters: readonly DeadLetter[]): readonly Buffer[] {
  return [
    bigints(letters.map(({ offset }) => offset)),
    bigints(letters.map(({ endpoint }) => endpoint)),
    bigints(letters.map(({ cursor }) => cursor)),
    texts(letters.map(({ reason }) => reason)),
    bigints(letters.map(({ at }) => at)),
  ];
}

function gapColumns(gaps: readonly Gap[]): readonly Buffer[] {
  return [
    bigints(gaps.map(({ endpoint }) => endpoint)),
    bigints(gaps.map(({ from }) => from)),
    texts(gaps.map(({ reason }) => reason)),
    bigints(gaps.map(({ to }) => to)),
    bigints(gaps.map(({ at }) => at)),
  ];
}

function laneColumns(lanes: readonly LaneRow[]): readonly Buffer[] {
  const textOf = (part: object | undefined) => part && JSON.stringify(part);
  return [
    bigints(lanes.map(({ endpoint }) => endpoint)),
    bigints(lanes.map(({ position }) => position)),
    texts(lanes.map(({ hold }) => textOf(hold))),
    texts(lanes.map(({ batch }) => textOf(batch))),
  ];
}

function replayColumns(replays: readonly Replay[]): readonly Buffer[] {
  return [
    bigints(replays.map(({ number }) => number)),
    bigints(replays.map(({ endpoint }) => endpoint)),
    bigints(replays.map(({ from }) => from)),
    bigints(replays.map(({ to }) => to)),
    bigints(replays.map(({ changes }) => changes)),
    bigints(replays.map(({ createdAt }) => createdAt)),
  ];
}

function valuesOf({ endpoint, from, to, replaysBefore, reason, at }: Abandonment) {
  return [endpoint, from, to, replaysBefore, reason, at] as const;
}

/** Writes what other nodes asked for, and forgets what was handed on. */
async function settleShared(session: Session, shard: number, facts: Facts): Promise<void> {
  const { answered, handedOn } = facts;
  if (answered.length > 0) {
    const last = [...Map.groupBy(answered, ({ asked }) => asked).values()].flatMap((all) => all.at(-1) ?? []);
    const answers = texts(last.map(({ answer }) => answer));
    await session.run(ANSWER, shard, bigints(last.map(({ asked }) => asked)), answers);
  }
  if (handedOn.length > 0) {
    await session.run(END_OUTGOING, shard, bigints(handedOn.map(({ outgoing }) => outgoing)));
  }
}

interface Raising extends Pick<FlushPorts, "appender" | "clock" | "shards"> {
  readonly raised: readonly RaisedEvent[];
}

/** Stores raised events in this shard's log; those of other shards' tenants wait to be handed on. */
async function raise(
  session: Session,
  shard: number,
  { raised, appender, clock, shards }: Raising,
): Promise<void> {
  const here: RaisedEvent[] = [];
  const elsewhere: RaisedEvent[] = [];
  for (const one of raised) {
    ((await shards.of(one.tenant)) === shard ? here : elsewhere).push(one);
  }
  if (elsewhere.length > 0) {
    await session.run(PUT_OUTGOING, shard, ...outgoingColumns(elsewhere, clock.now()));
  }
  if (here.length > 0) {
    const submissions = here.map(submissionOf);
    await appender.appendInside(session, shard, submissions);
  }
}

/** Where the key alone says which it is, it happened when it was first written. */
function outgoingColumns(raised: readonly RaisedEvent[], now: number): readonly Buffer[] {
  return [
    texts(raised.map(({ key }) => key)),
    bigints(raised.map(({ endpoint }) => endpoint)),
    bigints(raised.map(({ tenant }) => tenant)),
    texts(raised.map(({ event }) => event.type)),
    texts(raised.map(({ event }) => event.subject)),
    bigints(raised.map(({ event }) => event.occurredAt ?? now)),
    byteas(raised.map(({ event }) => event.data)),
  ];
}

async function disable(
  session: Session,
  { clock, offsetTime, shards }: FlushPorts,
  { endpoint: number, reason, raises }: Disabling,
): Promise<void> {
  const writer = createEndpointWriter(session, { offsetTime, shards });
  for (;;) {
    const [read] = await readEndpoints(session, READ_ENDPOINT, number);
    const state = read && currentVersion(read.endpoint).state;
    if (read === undefined || (state !== "enabled" && state !== "paused")) {
      return;
    }
    const change = { state: "disabled", reason, raises, now: clock.now() } as const;
    // Somebody who changed it meanwhile may have disabled it.
    if ((await writer.change(read, change)) !== undefined) {
      return;
    }
  }
}
