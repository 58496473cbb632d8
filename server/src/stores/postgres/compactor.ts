import type { Clock } from "../../clock.ts";
import { regularly } from "../../regularly.ts";
import { StoreUnavailable } from "../../store-unavailable.ts";
import { integerIn, textIn } from "../columns.ts";
import { texts } from "./binary-arrays.ts";
import type { Database } from "./database.ts";
import {
  compact,
  HOT_TABLES,
  type HotTable,
  READ_OLDEST,
  READ_SIZES,
  readLiveBytes,
} from "./queries/compaction.ts";

/**
 * Gives back the room of hot tables that an old transaction made grow: as long as somebody keeps one open,
 * each rewriting of a row leaves a version that nothing may take away, and afterwards VACUUM can only use
 * their room again, since a row that is in use stays on the last page.
 */
export interface Compactor {
  /** Compacts those that have grown; returns their names. */
  runOnce(): Promise<readonly string[]>;
  start(): void;
  stop(): void;
}

const EVERY_MS = 60_000;

const PAGE_BYTES = 8192;
/** Of what its pages are with a handful of rows: versions that await their VACUUM. */
const SMALL_MAX = 2;
/** Of what the rows need in pages filled as they should be: indexes take about as much again. */
const LARGER_MAX = 4;
// Beyond, a copy of the rows would keep everybody waiting for longer than a moment, or finding them would.
const LIVE_BYTES_MAX = 64 * 1024 * 1024;
const BYTES_MAX = 1024 * 1024 * 1024;

// Whoever wants the table meanwhile waits behind us, so we wait for others no longer than anybody notices.
const LOCK_MS_MAX = 100;
const COPY_MS_MAX = 2_000;

// A copy takes along what somebody may still look at: a version of a row for each transaction since, at most.
const VERSION_BYTES = 100;

/** Looks, after one in vain: somebody had the table for too long, or it is not ours to compact. */
const LOOKS_PASSED_OVER = 15;

export function createCompactor(
  database: Database,
  { clock, onFailed }: { readonly clock: Clock; readonly onFailed: (error: unknown) => void },
): Compactor {
  const passedOver = new Map<string, number>();

  async function readSizes(): Promise<ReadonlyMap<string, number>> {
    const rows = await database.rows(READ_SIZES, texts(HOT_TABLES.map(({ name }) => name)));
    return new Map(rows.map((row) => [textIn(row, "name"), integerIn(row, "bytes")]));
  }

  async function hasGrown({ name, filledPercent, pages }: HotTable, bytes: number): Promise<boolean> {
    const [row = {}] = await database.rows(readLiveBytes(name));
    const liveBytes = integerIn(row, "bytes");
    const neededBytes = SMALL_MAX * pages * PAGE_BYTES + (LARGER_MAX * liveBytes * 100) / filledPercent;
    return liveBytes <= LIVE_BYTES_MAX && bytes > neededBytes;
  }

  /** Whether a copy would be no smaller than half, because of what somebody may still look at. */
  async function isPinned({ filledPercent }: HotTable, bytes: number): Promise<boolean> {
    const [row = {}] = await database.rows(READ_OLDEST);
    return (integerIn(row, "lag") * VERSION_BYTES * 100) / filledPercent > bytes / 2;
  }

  async function compactGrown(table: HotTable, bytes: number): Promise<boolean> {
    const looks = passedOver.get(table.name) ?? 0;
    if (looks > 0) {
      passedOver.set(table.name, looks - 1);
      return false;
    }
    const mayBeLarge = bytes > SMALL_MAX * table.pages * PAGE_BYTES && bytes <= BYTES_MAX;
    if (!mayBeLarge || (await isPinned(table, bytes)) || !(await hasGrown(table, bytes))) {
      return false;
    }
    passedOver.set(table.name, LOOKS_PASSED_OVER);
    await database.maintain(compact(table.name), { lockMsMax: LOCK_MS_MAX, msMax: COPY_MS_MAX });
    const isSmaller = ((await readSizes()).get(table.name) ?? bytes) < bytes;
    if (isSmaller) {
      passedOver.delete(table.name);
    }
    return isSmaller;
  }

  async function runOnce(): Promise<readonly string[]> {
    const compacted: string[] = [];
    try {
      const sizes = await readSizes();
      for (const table of HOT_TABLES) {
        if (await compactGrown(table, sizes.get(table.name) ?? 0)) {
          compacted.push(table.name);
        }
      }
    } catch (error) {
      // Somebody has the table for longer than we may wait, or the database is gone: there is a next time.
      if (!(error instanceof StoreUnavailable)) {
        onFailed(error);
      }
    }
    return compacted;
  }

  const { start, stop } = regularly(clock, EVERY_MS, { run: runOnce, onFailed });
  return { runOnce, start, stop };
}
