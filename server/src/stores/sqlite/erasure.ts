import type { DatabaseSync } from "node:sqlite";
import type { ErasureStep } from "../../facts.ts";
import type { Offset } from "../../model/offset.ts";
import type { ErasablePage, ErasableQuery } from "../../store.ts";
import type { HashSubject } from "../directory/subject-hash.ts";
import { erasablePageOf } from "../scans.ts";
import { prepareForgetSubjects, prepareSearch } from "./directory.ts";
import {
  CREATE_ERASED,
  END_ERASURE,
  ERASE_ANSWERS,
  ERASE_EVENT,
  ERASE_KEY_HASHES,
  FORGET_ERASED,
  MOVE_ERASURE,
  PUT_ERASED,
  SCAN_ERASABLE,
} from "./queries/erasure.ts";

/** Prepares the search for what an erasure has left. */
export function prepareFindErasable(
  database: DatabaseSync,
  hashSubject: HashSubject,
): (query: ErasableQuery) => ErasablePage {
  const scan = database.prepare(SCAN_ERASABLE);
  const search = prepareSearch(database);
  return (query) => {
    const { tenant, subject, from, to } = query;
    const wanted = { tenant, subjectHash: subject === undefined ? undefined : hashSubject(subject) };
    const rows = search({ after: from - 1, to, wanted }, (stretch) =>
      scan.iterate(stretch.after, stretch.to, tenant, subject ?? null),
    );
    return erasablePageOf(rows, query);
  };
}

/** Prepares the steps of erasures inside a flush. */
export function prepareErase(database: DatabaseSync): (step: ErasureStep) => void {
  const eraseEvent = database.prepare(ERASE_EVENT);
  const eraseAnswers = database.prepare(ERASE_ANSWERS);
  const eraseKeyHashes = prepareEraseKeyHashes(database);
  const forgetSubjects = prepareForgetSubjects(database);
  const move = database.prepare(MOVE_ERASURE);
  const end = database.prepare(END_ERASURE);
  return ({ erasure, tenant, offsets, next }) => {
    const erased = offsets.filter((offset) => eraseEvent.run(offset, tenant).changes === 1);
    for (const offset of erased) {
      eraseAnswers.run(offset);
    }
    if (erased.length > 0) {
      eraseKeyHashes(tenant, erased);
      forgetSubjects(erased);
    }
    if (next === undefined) {
      end.run(erasure);
    } else {
      move.run(erasure, next);
    }
  };
}

function prepareEraseKeyHashes(database: DatabaseSync): (tenant: number, erased: readonly Offset[]) => void {
  database.exec(CREATE_ERASED);
  const put = database.prepare(PUT_ERASED);
  const eraseHashes = database.prepare(ERASE_KEY_HASHES);
  const forget = database.prepare(FORGET_ERASED);
  return (tenant, erased) => {
    for (const offset of erased) {
      put.run(offset);
    }
    eraseHashes.run(tenant);
    forget.run();
  };
}
