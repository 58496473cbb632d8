import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../../clock.ts";
import type { StoredEvent } from "../../model/event.ts";
import { nextOffset, type Offset, timeOfOffset } from "../../model/offset.ts";
import type { Appended, Submission } from "../../store.ts";
import { bytesIn, integerIn } from "../columns.ts";
import { type KnownKey, placeSubmissions, standingAt } from "../placement.ts";
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
    const { offset, tenant, type, subject, occurredAt, expiresAt, to, data, extensions } = event;
    const ownTime = occurredAt === timeOfOffset(offset) ? null : occurredAt;
    const extensionsText = extensions === undefined ? null : JSON.stringify(extensions);
    const where = [expiresAt ?? null, to ?? null];
    insertEvent.run(offset, tenant, type, subject ?? null, ownTime, ...where, data, extensionsText);
  }

  // Everything is decided before anything is written: a submission that is refused leaves nothing.
  return (submissions) => {
    const row = readHead.get(LEASE) ?? {};
    const previousHead = integerIn(row, "head");
    const changes = integerIn(row, "changes");
    const now = clock.now();
    const placement = placeSubmissions(submissions, {
      isLive: (tenant) => readTenant.get(tenant) !== undefined,
      find: (tenant, text) => findKey(tenant, text, now),
    });
    const { results, stored, keys } = standingAt(placement, nextOffset(previousHead, now));
    for (const event of stored) {
      write(event);
    }
    for (const { tenant, text, first, count, hash, expiresAt } of keys) {
      putKey.run(tenant, text, first, count, hash, expiresAt);
    }
    const head = stored.at(-1)?.offset ?? previousHead;
    if (head !== previousHead) {
      moveHead.run(LEASE, head);
    }
    return { results, previousHead, head, changes };
  };
}

/** Prepares the search for what a key stored; one that expired before `now` is absent. */
export function prepareFindKey(
  database: DatabaseSync,
): (tenant: number, key: string, now: number) => KnownKey<{ readonly offset: Offset }> | undefined {
  const readKey = database.prepare(READ_KEY);
  return (tenant, key, now) => {
    const row = readKey.get(tenant, key, now);
    return (
      row && {
        first: { offset: integerIn(row, "first_offset") },
        count: integerIn(row, "count"),
        hash: bytesIn(row, "hash"),
      }
    );
  };
}
