/** What is left of a database's files after a power cut. */
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";

/** Whether something that was written and not synced had reached the disk all the same; asked for each. */
export type Keeps = () => boolean;

export interface PowerCut {
  /** The machine's. */
  readonly folder: string;
  readonly database: string;
  readonly keeps: Keeps;
}

/** What a disk writes whole or not at all. */
const SECTOR_BYTES = 512;

const DURABLE_SUFFIXES = ["", "-wal", "-journal"];

/** Makes what is there durable: gives each file its twin. */
export function boot({ folder, database }: Omit<PowerCut, "keeps">): void {
  for (const kind of ["files", "entries"]) {
    rmSync(join(folder, kind), { recursive: true, force: true });
    mkdirSync(join(folder, kind), { recursive: true });
  }
  for (const path of DURABLE_SUFFIXES.map((suffix) => `${database}${suffix}`).filter(existsSync)) {
    const twin = join(folder, "files", String(statSync(path).ino));
    copyFileSync(path, twin);
    linkSync(twin, join(folder, "entries", basename(path)));
  }
}

/**
 * Turns the files into what the disk has of them: what was synced, and of everything else what `keeps` says,
 * sector by sector, size by size, name by name. What is left then is durable.
 */
export function cutPower({ folder, database, keeps }: PowerCut): void {
  for (const suffix of DURABLE_SUFFIXES) {
    const path = `${database}${suffix}`;
    const entry = join(folder, "entries", basename(path));
    if (existsSync(path)) {
      cutFile({ path, folder, entry, keeps });
    } else if (existsSync(entry) && !keeps()) {
      // The file was deleted, and its folder still names it.
      copyFileSync(entry, path);
    }
  }
  // Memory that processes shared.
  rmSync(`${database}-shm`, { force: true });
  boot({ folder, database });
}

interface Cut {
  readonly path: string;
  readonly folder: string;
  readonly entry: string;
  readonly keeps: Keeps;
}

function cutFile({ path, folder, entry, keeps }: Cut): void {
  const { ino } = statSync(path);
  const twin = join(folder, "files", String(ino));
  const isNamed = existsSync(entry) && statSync(entry).ino === statIno(twin);
  if (!isNamed && !keeps()) {
    rmSync(path);
    if (existsSync(entry)) {
      copyFileSync(entry, path);
    }
  } else if (existsSync(twin)) {
    writeFileSync(path, mixed({ written: readFileSync(path), synced: readFileSync(twin), keeps }));
  }
}

function statIno(path: string): number | undefined {
  return existsSync(path) ? statSync(path).ino : undefined;
}

/**
 * Mixes what was written and what was synced. A sector that was never synced and is lost is empty; one that
 * was cut off is there as long as the old size is.
 */
export function mixed({
  written,
  synced,
  keeps,
}: {
  readonly written: Buffer;
  readonly synced: Buffer;
  readonly keeps: Keeps;
}): Buffer {
  const size = written.length === synced.length || keeps() ? written.length : synced.length;
  const left = Buffer.alloc(size);
  synced.copy(left);
  const writtenTo = Math.min(size, written.length);
  for (let from = 0; from < writtenTo; from += SECTOR_BYTES) {
    const sector = written.subarray(from, Math.min(from + SECTOR_BYTES, writtenTo));
    if (!sector.equals(left.subarray(from, from + sector.length)) && keeps()) {
      sector.copy(left, from);
    }
  }
  return left;
}
