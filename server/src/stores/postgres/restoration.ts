import type { Restoration } from "../../restoration.ts";
import { bytesIn } from "../columns.ts";
import type { Database, Session } from "./database.ts";
import { BACKED_UP_AT, DELETE_META, READ_META, SET_META } from "./queries/registry.ts";

/** What this node knows of whether the database was restored. */
export interface KnownRestoration extends Restoration {
  /** Learns what the database says of it by now: another node may have ended it. */
  note(backedUpAt: number | undefined): void;
}

/** Marks a database: nothing is sent from it until a person has looked, by whichever node. */
export async function markAsRestored(session: Session, standsAt: number): Promise<void> {
  await session.run(SET_META, BACKED_UP_AT, new TextEncoder().encode(String(standsAt)));
}

export async function readBackedUpAt(session: Session): Promise<number | undefined> {
  const [row] = await session.rows(READ_META, BACKED_UP_AT);
  return row && Number(new TextDecoder().decode(bytesIn(row, "value")));
}

export async function openRestoration(database: Database): Promise<KnownRestoration> {
  let backedUpAt = await readBackedUpAt(database);
  return {
    get backedUpAt() {
      return backedUpAt;
    },
    note(known) {
      backedUpAt = known;
    },
    async end() {
      await database.run(DELETE_META, BACKED_UP_AT);
      backedUpAt = undefined;
    },
  };
}
