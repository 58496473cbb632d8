import { systemClock } from "../../clock.ts";
import { type PostgresPlace, placeOf } from "../../database-url.ts";
import { systemRandom } from "../../random.ts";
import type { Seal } from "../../seal.ts";
import { surveyKnownSecrets } from "../../stored-secrets.ts";
import { openDatabase } from "../postgres/database.ts";
import { type CountedTable, type MoveOptions, type MoveResult, move, planMove } from "./move.ts";
import { openSource } from "./source.ts";
import { createTarget } from "./target.ts";

export interface MoveDatabaseOptions {
  /** The path of a file of SQLite. */
  readonly from: string;
  readonly to: PostgresPlace;
  /** Opens the secrets that move. */
  readonly seal: Seal;
}

/**
 * Moves everything from a file of SQLite into an empty database of PostgreSQL, or goes on with it. Throws if
 * something is in the way, such as a server, or a seal without the key that secrets are under.
 */
export function moveDatabase(
  options: MoveDatabaseOptions & Pick<MoveOptions, "onProgress">,
): Promise<MoveResult> {
  const ports = { to: placeOf(options.to.url), clock: systemClock, random: systemRandom };
  return betweenDatabases("move", options, (databases) =>
    move({ ...databases, ...ports, onProgress: options.onProgress }),
  );
}

/** Counts what a move would copy, also while a server serves the file. Throws as the move would. */
export function planDatabaseMove(options: MoveDatabaseOptions): Promise<readonly CountedTable[]> {
  return betweenDatabases("look", options, planMove);
}

async function betweenDatabases<Result>(
  purpose: "move" | "look",
  { from, to, seal }: MoveDatabaseOptions,
  use: (databases: Pick<MoveOptions, "source" | "target">) => Promise<Result>,
): Promise<Result> {
  await using opened = new AsyncDisposableStack();
  const source = opened.adopt(openSource(from, purpose), (each) => each.close());
  await surveyKnownSecrets(source, seal);
  const database = openDatabase({ url: to.url, name: "posthorn move", connectionsMax: 1 });
  opened.defer(() => database.close());
  return await use({ source, target: createTarget(database, to.shards) });
}
