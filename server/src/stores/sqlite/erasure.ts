import type { DatabaseSync } from "node:sqlite";
import type { Erasure } from "../../model/erasure.ts";
import type { Offset } from "../../model/offset.ts";
import type { ErasablePage, ErasableQuery, ErasureStep } from "../../store.ts";
import { integerIn, optionalIn, type Row, textIn } from "./columns.ts";
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
  return ({ tenant, subject, from, to, limit, bytesMax }) => {
    const offsets: Offset[] = [];
    let bytes = 0;
    let looked = 0;
    let scannedTo = from - 1;
    // One row more than may be looked at says whether there is more.
    for (const row of scan.iterate(from, to, tenant, subject ?? null, limit + 1)) {
      const dataBytes = integerIn(row, "data_bytes");
      bytes += dataBytes;
      if (looked === limit || (dataBytes > 0 && offsets.length > 0 && bytes > bytesMax)) {
        return { offsets, scannedTo };
      }
      const offset = integerIn(row, "offset");
      if (dataBytes > 0) {
        offsets.push(offset);
      }
      looked += 1;
      scannedTo = offset;
    }
    return { offsets, scannedTo: to };
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

export function erasureOf(row: Row): Erasure {
  return {
    number: integerIn(row, "number"),
    tenant: integerIn(row, "tenant"),
    subject: optionalIn(row, "subject", textIn),
    from: integerIn(row, "from_offset"),
    to: integerIn(row, "to_offset"),
  };
}
