import { existsSync, statfsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { DatabasePlace } from "../../database-url.ts";
import { realPathOf } from "../../real-path.ts";
import { type Finding, findingsOf, saidBy } from "./finding.ts";

const { ok, warning, problem } = findingsOf("disk");

/** What a file system tells of itself, as `statfs` has it. */
export interface FileSystem {
  readonly type: number;
  readonly bsize: number;
  readonly blocks: number;
  /** Blocks that are free for whoever is not root. */
  readonly bavail: number;
}

const MB = 1024 * 1024;
/** The log of SQLite takes up to 64 MB before it is copied, and the copy as much. */
const FREE_BYTES_MIN = 128 * MB;
const FREE_BYTES_LOW = 1024 * MB;
const FREE_SHARE_LOW = 0.05;

/** Numbers of Linux (statfs(2)): a log in shared memory is none where another machine has a part of it. */
const NETWORKS: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB2"],
  [0x01021997, "9p"],
  [0x00c36400, "Ceph"],
]);
const IN_MEMORY: ReadonlyMap<number, string> = new Map([
  [0x01021994, "tmpfs"],
  [0x858458f6, "ramfs"],
]);

/** Says how much space there is where the database's file is, and whether that keeps what is written. */
export function diskFindings(database: DatabasePlace, read = readFileSystem): readonly Finding[] {
  if (database.kind !== "sqlite") {
    return [ok("PostgreSQL has its files on a disk of its own, which was not looked at")];
  }
  const folder = folderOf(database.path);
  if (!existsSync(folder)) {
    return [problem(`there is no folder ${folder}`, "make it, or set POSTHORN_DATABASE_URL to another path")];
  }
  try {
    const found = read(folder);
    return [...kindFindings(found, folder), spaceFinding(found, folder)];
  } catch (error) {
    return [warning(`${folder} does not tell its space: ${saidBy(error)}`, "look at it with df")];
  }
}

/** The file is where its links lead, and so is the room for it. */
function folderOf(path: string): string {
  try {
    return dirname(realPathOf(path));
  } catch {
    return dirname(resolve(path));
  }
}

function readFileSystem(folder: string): FileSystem {
  return statfsSync(folder);
}

function kindFindings({ type }: FileSystem, folder: string): readonly Finding[] {
  const network = NETWORKS.get(type);
  if (network !== undefined) {
    return [
      problem(
        `${folder} is on ${network}, over a network, where SQLite's log is not safe`,
        "move the database to a disk of this machine, or to PostgreSQL with posthorn move",
      ),
    ];
  }
  const memory = IN_MEMORY.get(type);
  return memory === undefined
    ? []
    : [
        warning(
          `${folder} is ${memory}, in memory: all of it is gone when the machine stops`,
          "move the database to a disk",
        ),
      ];
}

function spaceFinding({ bsize, blocks, bavail }: FileSystem, folder: string): Finding {
  const freeBytes = bavail * bsize;
  const share = blocks === 0 ? 1 : bavail / blocks;
  const says = `${Math.floor(freeBytes / MB)} MB (${Math.floor(share * 100)} %) are free in ${folder}`;
  const fix = "make space or a larger disk, or keep events for fewer days with POSTHORN_RETENTION_DAYS";
  if (freeBytes < FREE_BYTES_MIN) {
    return problem(says, fix);
  }
  return freeBytes < FREE_BYTES_LOW || share < FREE_SHARE_LOW ? warning(says, fix) : ok(says);
}
