import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../../clock.ts";
import type { Abandonment, Disabling, Facts, FailingChange, ToldHoldChange } from "../../facts.ts";
import type { Attempt, DeadLetter, Gap, LaneRow, Replay, Retry } from "../../model/delivery.ts";
import { currentVersion } from "../../model/endpoint.ts";
import { submissionOf } from "../../raised.ts";
import type { Lease } from "../../store.ts";
import { integerIn, optionalIn } from "../columns.ts";
import type { HashSubject } from "../directory/subject-hash.ts";
import { countedToIn } from "../stats.ts";
import { prepareAge } from "./ageing.ts";
import { prepareAppend } from "./append.ts";
import { preparePutBlock } from "./directory.ts";
import { prepareEndpointQuery, prepareEndpointWriter } from "./endpoints.ts";
import { prepareErase } from "./erasure.ts";
import {
  ABANDON_RETRIES,
  END_FAILING,
  END_RETRY,
  END_TOLD_HOLD,
  FIND_COVERING_GAP,
  FIND_FLUSH,
  FIND_LOWEST_RETRY,
  INSERT_ATTEMPT,
  MOVE_CHECKPOINT,
  PUT_DEAD_LETTER,
  PUT_FAILING,
  PUT_GAP,
  PUT_LANE,
  PUT_REPLAY,
  PUT_RETRY,
  PUT_TOLD_HOLD,
  RELEASE_LANE,
} from "./queries/facts.ts";
import { READ_ENDPOINT } from "./queries/registry.ts";
import { prepareMoveReplay } from "./replays.ts";
import { prepareAddStats } from "./stats.ts";

type Put<Row> = (row: Row) => void;

/** Prepares the writing of facts inside a transaction. */
export function prepareFlush(
  database: DatabaseSync,
  clock: Clock,
  hashSubject: HashSubject,
): (lease: Lease, facts: Facts) => "flushed" | "fenced" {
  const moveCheckpoint = database.prepare(MOVE_CHECKPOINT);
  const findFlush = database.prepare(FIND_FLUSH);
  const endRetry = database.prepare(END_RETRY);
  const releaseLane = database.prepare(RELEASE_LANE);
  const putAttempt = preparePutAttempt(database);
  const putRetry = preparePutRetry(database);
  const putDeadLetter = preparePutDeadLetter(database);
  const putGap = preparePutGap(database);
  const putLane = preparePutLane(database);
  const putReplay = preparePutReplay(database);
  const abandon = prepareAbandon(database, putGap);
  const disable = prepareDisable(database, clock);
  const changeFailing = prepareChangeSince(database, PUT_FAILING, END_FAILING);
  const changeToldHold = prepareChangeSince(database, PUT_TOLD_HOLD, END_TOLD_HOLD);
  const append = prepareAppend(database, clock);
  const putBlock = preparePutBlock(database, hashSubject);
  const erase = prepareErase(database);
  const age = prepareAge(database);
  const moveReplay = prepareMoveReplay(database);
  const addStats = prepareAddStats(database);

  return (lease, facts) => {
    const { flush, checkpoint, changesApplied } = facts;
    const { id, epoch } = lease;
    const countedTo = countedToIn(facts);
    if (moveCheckpoint.run(id, epoch, checkpoint, changesApplied, flush, countedTo).changes === 0) {
      return findFlush.get(id, epoch, flush) === undefined ? "fenced" : "flushed";
    }
    facts.attempts.forEach(putAttempt);
    facts.retries.forEach(putRetry);
    for (const { endpoint, cursor, offset } of facts.endedRetries) {
      endRetry.run(endpoint, cursor, offset);
    }
    facts.deadLetters.forEach(putDeadLetter);
    facts.gaps.forEach(putGap);
    facts.replays.forEach(putReplay);
    facts.abandoned.forEach(abandon);
    for (const endpoint of facts.releasedLanes) {
      releaseLane.run(endpoint);
    }
    facts.lanes.forEach(putLane);
    facts.disabled.forEach(disable);
    facts.failing.forEach(changeFailing);
    facts.toldHolds.forEach(changeToldHold);
    if (facts.raised.length > 0) {
      append(facts.raised.map(submissionOf));
    }
    facts.directory.forEach(putBlock);
    facts.erasing.forEach(erase);
    facts.ageing.forEach(age);
    facts.replaying.forEach(moveReplay);
    facts.stats.forEach(addStats);
    return "flushed";
  };
}

function preparePutAttempt(database: DatabaseSync): Put<Attempt> {
  const insert = database.prepare(INSERT_ATTEMPT);
  return (attempt) => {
    insert.run(
      attempt.offset,
      attempt.endpoint,
      attempt.cursor,
      attempt.number,
      attempt.startedAt,
      attempt.durationMs,
      attempt.connectedMs ?? null,
      attempt.headersMs ?? null,
      attempt.verdict,
      attempt.reason ?? null,
      attempt.status ?? null,
      attempt.answer ?? null,
      attempt.payloadHash ?? null,
      attempt.batch ?? null,
      attempt.detail ?? null,
    );
  };
}

function preparePutRetry(database: DatabaseSync): Put<Retry> {
  const put = database.prepare(PUT_RETRY);
  return ({ endpoint, cursor, offset, requests, used, dueAt, reason }) => {
    put.run(endpoint, cursor, offset, requests, used, dueAt, reason);
  };
}

function preparePutDeadLetter(database: DatabaseSync): Put<DeadLetter> {
  const put = database.prepare(PUT_DEAD_LETTER);
  return ({ offset, endpoint, cursor, reason, at }) => {
    put.run(offset, endpoint, cursor, reason, at);
  };
}

function preparePutGap(database: DatabaseSync): Put<Gap> {
  const put = database.prepare(PUT_GAP);
  return ({ endpoint, from, to, reason, at }) => {
    put.run(endpoint, from, to, reason, at);
  };
}

function preparePutLane(database: DatabaseSync): Put<LaneRow> {
  const put = database.prepare(PUT_LANE);
  const textOf = (part: object | undefined) => (part === undefined ? null : JSON.stringify(part));
  return ({ endpoint, position, hold, batch }) => {
    put.run(endpoint, position, textOf(hold), textOf(batch));
  };
}

function preparePutReplay(database: DatabaseSync): Put<Replay> {
  const put = database.prepare(PUT_REPLAY);
  return ({ number, endpoint, from, to, changes, createdAt }) => {
    put.run(number, endpoint, from, to, changes, createdAt);
  };
}

function prepareAbandon(database: DatabaseSync, putGap: Put<Gap>): Put<Abandonment> {
  const findLowest = database.prepare(FIND_LOWEST_RETRY);
  const abandonRetries = database.prepare(ABANDON_RETRIES);
  const releaseLane = database.prepare(RELEASE_LANE);
  const findCovering = database.prepare(FIND_COVERING_GAP);
  return ({ endpoint, from, to, replaysBefore, reason, at }) => {
    const found = findLowest.get(endpoint, to, replaysBefore) ?? {};
    const lowest = Math.min(from, optionalIn(found, "offset", integerIn) ?? from);
    abandonRetries.run(endpoint, to, replaysBefore);
    releaseLane.run(endpoint);
    // Written again, its retries are gone: a gap that covers it already says it all.
    if (lowest <= to && findCovering.get(endpoint, reason, lowest, to) === undefined) {
      putGap({ endpoint, from: lowest, to, reason, at });
    }
  };
}

function prepareChangeSince(
  database: DatabaseSync,
  putSince: string,
  endSince: string,
): Put<FailingChange | ToldHoldChange> {
  const put = database.prepare(putSince);
  const end = database.prepare(endSince);
  return ({ endpoint, since }) => {
    if (since === undefined) {
      end.run(endpoint);
    } else {
      put.run(endpoint, since);
    }
  };
}

function prepareDisable(database: DatabaseSync, clock: Clock): Put<Disabling> {
  const read = prepareEndpointQuery(database, READ_ENDPOINT);
  const endpoints = prepareEndpointWriter(database, clock);
  return ({ endpoint: number, reason, raises }) => {
    for (const endpoint of read(number)) {
      const { state } = currentVersion(endpoint);
      if (state === "enabled" || state === "paused") {
        endpoints.change(endpoint, { state: "disabled", reason, raises, now: clock.now() });
      }
    }
  };
}
