import type { DatabaseSync } from "node:sqlite";
import type { ErasablePage, ErasableQuery, ErasureStep } from "../../store.ts";
import { erasablePageOf } from "../scans.ts";
import {
  END_ERASURE,
  ERASE_ANSWERS,
  ERASE_EVENT,
  ERASE_KEY_HASHES,
  MOVE_ERASURE,
  SCAN_ERASABLE,
} from "./queries/erasure.ts";

/** Prepares the search for what an erasure has left. */
export function prepareFindErasable(database: DatabaseSync): (query: ErasableQuery) => ErasablePage {
  const scan = database.prepare(SCAN_ERASABLE);
  return (query) => {
    const { tenant, subject, from, to, limit } = query;
    return erasablePageOf(scan.iterate(from, to, tenant, subject ?? null, limit + 1), query);
  };
}

/** Prepares the steps of erasures inside a flush. */
export function prepareErase(database: DatabaseSync): (step: ErasureStep) => void {
  const eraseEvent = database.prepare(ERASE_EVENT);
  const eraseAnswers = database.prepare(ERASE_ANSWERS);
  const eraseKeyHashes = database.prepare(ERASE_KEY_HASHES);
  const move = database.prepare(MOVE_ERASURE);
  const end = database.prepare(END_ERASURE);
  return ({ erasure, tenant, offsets, next }) => {
    const erased = offsets.filter((offset) => eraseEvent.run(offset, tenant).changes === 1);
    for (const offset of erased) {
      eraseAnswers.run(offset);
    }
    if (erased.length > 0) {
      eraseKeyHashes.run(tenant, JSON.stringify(erased));
    }
    if (next === undefined) {
      end.run(erasure);
    } else {
      move.run(erasure, next);
    }
  };
}
