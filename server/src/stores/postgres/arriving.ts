import { type ArrivingMark, arrivingMarkOf, MOVE } from "../move-marks.ts";
import type { Session } from "./database.ts";
import { HAS_META, READ_META } from "./queries/registry.ts";

/** Reads whether a database was moved here; also of one that has no tables yet. */
export async function readArriving(session: Session): Promise<ArrivingMark | undefined> {
  const [meta] = await session.rows(HAS_META);
  const [row] = meta === undefined ? [] : await session.rows(READ_META, MOVE);
  return row && arrivingMarkOf(row);
}

/** Throws, with what to do, if not all is there that is moved into a database. */
export async function assertArrived(session: Session): Promise<void> {
  const mark = await readArriving(session);
  if (mark !== undefined && mark.readyAt === undefined) {
    throw new Error(
      `${mark.from} is being moved into this database: run the same posthorn move again to its end, ` +
        "or use another database",
    );
  }
}
