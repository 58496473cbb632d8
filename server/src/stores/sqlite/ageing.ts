import type { DatabaseSync } from "node:sqlite";
import type { AgeingStep } from "../../facts.ts";
import type { AgedQuery, Store } from "../../store.ts";
import { integerIn } from "../columns.ts";
import { tenantRetentionOf } from "../registry-rows.ts";
import { agedPageOf } from "../scans.ts";
import type { Connections } from "./connections.ts";
import { prepareForgetSubjects } from "./directory.ts";
import { assertLease } from "./lease.ts";
import {
  READ_CHECKPOINT,
  READ_RETENTIONS,
  SCAN_ANSWERS,
  SCAN_DEAD_LETTERS,
  SCAN_PAYLOADS,
  TAKE_DEAD_LETTERS,
} from "./queries/ageing.ts";
import { ERASE_ANSWERS, ERASE_EVENT } from "./queries/erasure.ts";
import { PUT_GAP } from "./queries/facts.ts";

/** Finds what is kept for less time than its event. */
export function createAgeing({ reading, read }: Connections): Pick<Store, "readRetentions" | "findAged"> {
  const readRetentions = reading.prepare(READ_RETENTIONS);
  const readCheckpoint = reading.prepare(READ_CHECKPOINT);
  const scans = {
    payload: reading.prepare(SCAN_PAYLOADS),
    attempts: reading.prepare(SCAN_ANSWERS),
    dead_letters: reading.prepare(SCAN_DEAD_LETTERS),
  };
  return {
    readRetentions: () => read(() => readRetentions.all().map(tenantRetentionOf)),
    findAged: (query: AgedQuery) =>
      read(() => {
        assertLease(query.lease);
        const checkpoint = integerIn(readCheckpoint.get(query.lease) ?? {}, "checkpoint");
        const { kind, after, limit, finalBefore } = query;
        const to = Math.min(query.to, checkpoint);
        return agedPageOf(scans[kind].all(after, to, limit, finalBefore), { after, to, limit });
      }),
  };
}

/** Prepares the steps of ageing inside a flush. */
export function prepareAge(database: DatabaseSync): (step: AgeingStep) => void {
  const eraseEvent = database.prepare(ERASE_EVENT);
  const eraseAnswers = database.prepare(ERASE_ANSWERS);
  const takeDeadLetters = database.prepare(TAKE_DEAD_LETTERS);
  const putGap = database.prepare(PUT_GAP);
  const forgetSubjects = prepareForgetSubjects(database);
  return ({ kind, tenant, offsets, at }) => {
    switch (kind) {
      case "payload":
        for (const offset of offsets) {
          eraseEvent.run(offset, tenant);
          eraseAnswers.run(offset);
        }
        forgetSubjects(offsets);
        return;
      case "attempts":
        for (const offset of offsets) {
          eraseAnswers.run(offset);
        }
        return;
      case "dead_letters":
        for (const offset of offsets) {
          for (const row of takeDeadLetters.all(offset)) {
            putGap.run(integerIn(row, "endpoint"), offset, offset, "expired", at);
          }
        }
    }
  };
}
