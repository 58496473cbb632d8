import type { TestContext } from "node:test";
import type { Databases } from "./databases-fixture.ts";
import { openPostgresStore, type PostgresOptions, type PostgresStore } from "./open.ts";
import { clockTime } from "./time.ts";

export interface TemporaryStore {
  readonly stores: PostgresStore;
  /** Opens the same database again, as the next process does. */
  open(): Promise<PostgresStore>;
}

/** Opens a store on a database of its own for one test; its clock gives offsets their times. */
export async function openTemporaryDatabase(
  databases: Databases,
  ports: Pick<PostgresOptions, "clock" | "random">,
  t: TestContext,
): Promise<TemporaryStore> {
  const { url, drop } = await databases.create();
  const opened: PostgresStore[] = [];
  t.after(async () => {
    await Promise.all(opened.map((stores) => stores.close()));
    await drop();
  });
  const open = async () => {
    const offsetTime = clockTime(ports.clock);
    // The next process is the same one to the leases: it has not to wait until they end.
    const stores = await openPostgresStore({ ...ports, url, offsetTime, shards: 1, holder: "tests" });
    opened.push(stores);
    return stores;
  };
  return { stores: await open(), open };
}
