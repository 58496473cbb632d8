import { statfs } from "node:fs/promises";
import type { Clock, Timer } from "./clock.ts";
import type { Log } from "./log.ts";

/** What a file system tells of its space, as `statfs` has it. */
export interface Space {
  readonly bsize: number;
  readonly blocks: number;
  /** Blocks that are free for whoever is not root. */
  readonly bavail: number;
}

/**
 * Keeps an eye on the space where the database's file is. When it is nearly full nothing is accepted any
 * more, so that what comes of deliveries can be stored, and they go on.
 */
export interface DiskSpace {
  /** Undefined: the file system has not told it. */
  readonly freeBytes: number | undefined;
  /** Whether what is left is needed for what was accepted already. */
  readonly isNearlyFull: boolean;
  /** Looks for the first time, and by itself from then on. */
  start(): Promise<void>;
  stop(): void;
}

export interface DiskSpacePorts {
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Default: the system's. */
  readonly read?: (folder: string) => Promise<Space>;
}

const LOOK_MS = 2000;
const MB = 1024 * 1024;
/** The log of SQLite takes up to 64 MB before it is copied, and the copy as much. */
const KEPT_BYTES = 128 * MB;
/** Of a small file system less is kept. */
const KEPT_SHARE = 0.1;
/** So much more must be free before events are accepted again. */
const AGAIN = 1.25;
const LOW_TIMES = 8;

export function createDiskSpace({ folder, clock, log, read = statfs }: DiskSpacePorts): DiskSpace {
  let timer: Timer | undefined;
  let isStopped = false;
  let freeBytes: number | undefined;
  let isNearlyFull = false;
  let isLow = false;

  function judge({ bsize, blocks, bavail }: Space): void {
    const kept = Math.min(KEPT_BYTES, blocks * bsize * KEPT_SHARE);
    const free = bavail * bsize;
    freeBytes = free;
    const wasFull = isNearlyFull;
    isNearlyFull = free < kept * (wasFull ? AGAIN : 1);
    const wasLow = isLow;
    isLow = free < kept * LOW_TIMES;
    const fields = { free_bytes: free };
    if (isNearlyFull && !wasFull) {
      log.error("the disk is nearly full: no events are accepted, and deliveries go on", fields);
    } else if (wasFull && !isNearlyFull) {
      log.warn("the disk has room again: events are accepted", fields);
    } else if (isLow && !wasLow) {
      log.warn("the disk is filling up: before it is full, no events are accepted", fields);
    }
  }

  async function look(): Promise<void> {
    try {
      judge(await read(folder));
    } catch {
      // A file system that does not tell its space stops nobody; that it is full, its writes tell.
      freeBytes = undefined;
      isNearlyFull = false;
    }
    if (!isStopped) {
      timer = clock.after(LOOK_MS, () => void look());
    }
  }

  return {
    get freeBytes() {
      return freeBytes;
    },
    get isNearlyFull() {
      return isNearlyFull;
    },
    start: look,
    stop() {
      isStopped = true;
      timer?.cancel();
    },
  };
}
