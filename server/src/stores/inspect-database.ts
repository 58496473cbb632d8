import type { Clock } from "../clock.ts";
import type { DatabasePlace } from "../database-url.ts";
import type { Inspection } from "./inspection.ts";
import { inspectPostgres } from "./postgres/inspect.ts";
import { inspectSqlite } from "./sqlite/inspect.ts";

/**
 * Looks at a database without changing it; undefined: there is none yet. Throws, with the reason, where a
 * start would refuse it.
 */
export async function inspectDatabase(
  database: DatabasePlace,
  clock: Clock,
): Promise<Inspection | undefined> {
  switch (database.kind) {
    case "sqlite":
      return inspectSqlite(database.path);
    case "postgres":
      return await inspectPostgres(database.url, clock);
  }
}
