import { after } from "node:test";
import { startCluster } from "../../server/src/stores/postgres/cluster-fixture.ts";

/** Returns the URL of this run's PostgreSQL, or of one that is started for this file, if there is any. */
export async function findPostgres(): Promise<string | undefined> {
  const given = process.env["TEST_DATABASE_URL"];
  if (given !== undefined) {
    return given;
  }
  const cluster = await startCluster();
  after(() => cluster?.close());
  return cluster?.urlOf("postgres");
}
