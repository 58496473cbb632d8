import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../../clock.ts";
import type { StoredEvent } from "../../model/event.ts";
import { nextOffset, type Offset, timeOfOffset } from "../../model/offset.ts";
import type { Appended, Submission, SubmissionResult } from "../../store.ts";
import { type KnownKey, placeSubmission } from "../placement.ts";
import { bytesIn, integerIn } from "./columns.ts";
import { LEASE } from "./lease.ts";
import { INSERT_EVENT, MOVE_HEAD, PUT_KEY, READ_HEAD, READ_KEY } from "./queries/log.ts";
import { READ_TENANT } from "./queries/registry.ts";

/** Prepares the appending of submissions inside a transaction. */
export function prepareAppend(
  database: DatabaseSync,
  clock: Clock,
): (submissions: readonly Submission[]) => Appended {
  const readHead = database.prepare(READ_HEAD);
  const moveHead = database.prepare(MOVE_HEAD);
  const insertEvent = database.prepare(INSERT_EVENT);
  const putKey = database.prepare(PUT_KEY);
  const readTenant = database.prepare(READ_TENANT);
  const findKey = prepareFindKey(database);

  function write(event: StoredEvent): void {
    const { offset, tenant, type, subject, occurredAt, expiresAt, to, data } = event;
    const ownTime = occurredAt === timeOfOffset(offset) ? null : occurredAt;
    insertEvent.run(offset, tenant, type, subject ?? null, ownTime, expiresAt ?? null, to ?? null, data);
  }

  // Everything is decided before anything is written: a submission that is refused leaves nothing.
  function appendOne(submission: Submission, head: Offset): SubmissionResult {
    const { tenant, keysExpireAt } = submission;
    if (readTenant.get(tenant) === undefined) {
      return { kind: "no_tenant" };
    }
    const now = clock.now();
    const placement = placeSubmission(submission, {
      next: nextOffset(head, now),
      find: (text) => findKey(tenant, text, now),
    });
    if (placement.kind === "key_reused") {
      return placement;
    }
    for (const event of placement.stored) {
      write(event);
    }
    for (const { text, first, count, hash } of placement.keys) {
      putKey.run(tenant, text, first, count, hash, keysExpireAt);
    }
    return { kind: "accepted", offsets: placement.offsets, stored: placement.stored };
  }

  return (submissions) => {
    const row = readHead.get(LEASE) ?? {};
    const previousHead = integerIn(row, "head");
    const changes = integerIn(row, "changes");
    let head = previousHead;
    const results: SubmissionResult[] = [];
    for (const submission of submissions) {
      const result = appendOne(submission, head);
      results.push(result);
      head = result.kind === "accepted" ? (result.stored.at(-1)?.offset ?? head) : head;
    }
    if (head !== previousHead) {
      moveHead.run(LEASE, head);
    }
    return { results, previousHead, head, changes };
  };
}

/** Prepares the search for what a key stored; one that expired before `now` is absent. */
export function prepareFindKey(
  database: DatabaseSync,
): (tenant: number, key: string, now: number) => KnownKey | undefined {
  const readKey = database.prepare(READ_KEY);
  return (tenant, key, now) => {
    const row = readKey.get(tenant, key, now);
    return (
      row && {
        first: integerIn(row, "first_offset"),
        count: integerIn(row, "count"),
        hash: bytesIn(row, "hash"),
      }
    );
  };
}
