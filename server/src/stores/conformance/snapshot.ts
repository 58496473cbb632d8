import { ALL_TENANTS, MINUTE_SECONDS } from "../../model/stat.ts";
import type { Stores } from "./setup.ts";

const EVERYTHING = { lease: 0, after: 0, to: Number.MAX_SAFE_INTEGER - 1 };

/** Reads all there is to read of the log and its facts, at these offsets. */
export async function snapshotOf(stores: Stores, offsets: readonly number[]): Promise<unknown> {
  return {
    head: await stores.readHead(0),
    log: await stores.readLog({ ...EVERYTHING, limit: 1000, bytesMax: 1_000_000 }),
    settled: await stores.readSettled(EVERYTHING),
    changed: await stores.readChanged(0, 0),
    lanes: await stores.readLanes(0),
    retries: await stores.readRetries(0, undefined, 1000),
    counts: await stores.countRetries(0),
    failing: await stores.readFailing(0),
    toldHolds: await stores.readToldHolds(0),
    stats: await stores.readStats({
      tenant: ALL_TENANTS,
      seconds: MINUTE_SECONDS,
      from: 0,
      to: EVERYTHING.to,
    }),
    facts: await stores.readFacts({ tenant: 1, offsets }),
  };
}
