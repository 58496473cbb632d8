import { BE_ALONE } from "./be-alone.ts";
import type { Database } from "./database.ts";
import { ADD_LEASES, ADD_SHARDS, READ_SHARDS } from "./queries/log.ts";

/** No more nodes than this send; each shard costs its owner some small statements while it moves. */
const SHARDS = 16;

/** Makes the shards of a new database, and counts those there are. */
export async function findShards(database: Database, asked: number | undefined): Promise<number> {
  await database.transaction(async (session) => {
    await session.rows(BE_ALONE);
    await session.run(ADD_SHARDS, asked ?? SHARDS);
    await session.run(ADD_LEASES);
  });
  const { length: count } = await database.rows(READ_SHARDS);
  if (asked !== undefined && asked !== count) {
    throw new Error(
      `the database was made with ${count} shards, for good, got POSTHORN_SHARDS=${asked}: unset it`,
    );
  }
  return count;
}
