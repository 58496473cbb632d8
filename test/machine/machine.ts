/**
 * A machine that fails under a server: its disk forgets what was not synced, is full or cannot sync, its
 * clock is wrong. It is a library of C that is loaded into the process before everything else.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../crash/temporary-folder.ts";
import { boot, cutPower, type Keeps } from "./power-cut.ts";

/** In the order of control.h: numbers of eight bytes. */
const CONTROLS = [
  "clockAheadMs",
  "clockDriftPpm",
  "isFull",
  "syncsToFail",
  "writesRefused",
  "syncsFailed",
] as const;

export type Control = (typeof CONTROLS)[number];

export interface Machine extends Disposable {
  /** Where the file of the database that is on it goes. */
  readonly database: string;
  /** With which environment a process runs on this machine. */
  readonly env: Readonly<Record<string, string>>;
  set(control: Control, value: number): void;
  read(control: Control): number;
  /** Leaves of the database what a power cut would, when no process has it open any more. */
  losePower(keeps: Keeps): void;
}

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const SOURCES = ["disk.c", "clock.c"] as const;
const BUILT = fileURLToPath(new URL("../../node_modules/.cache/posthorn-machine", import.meta.url));
const NUMBER_BYTES = 8;

/** For suites that need such a machine: why there is none here, or false. */
export const NO_MACHINE: string | false =
  process.platform !== "linux"
    ? "a failing machine is made for Linux"
    : spawnSync("cc", ["--version"]).status !== 0 && "a failing machine is built by cc, and there is none";

/** Makes a machine and a folder on it for a database; both go with it. */
export function createMachine(): Machine {
  const { path, [Symbol.dispose]: remove } = temporaryFolder("machine");
  const folder = join(path, "machine");
  const database = join(path, "data", "posthorn.db");
  mkdirSync(join(path, "data"));
  boot({ folder, database });
  const page = Buffer.alloc(NUMBER_BYTES);
  const controls = openSync(join(folder, "control"), "w+");
  writeSync(controls, Buffer.alloc(CONTROLS.length * NUMBER_BYTES));
  const placeOf = (control: Control) => CONTROLS.indexOf(control) * NUMBER_BYTES;
  return {
    database,
    env: { LD_PRELOAD: library(), POSTHORN_MACHINE: folder, POSTHORN_MACHINE_DATABASE: database },
    set(control, value) {
      page.writeBigInt64LE(BigInt(value));
      writeSync(controls, page, 0, NUMBER_BYTES, placeOf(control));
    },
    read(control) {
      readSync(controls, page, 0, NUMBER_BYTES, placeOf(control));
      return Number(page.readBigInt64LE());
    },
    losePower: (keeps) => cutPower({ folder, database, keeps }),
    [Symbol.dispose]() {
      closeSync(controls);
      remove();
    },
  };
}

/** Builds the library once for each text of its sources. */
function library(): string {
  const hash = createHash("sha256");
  for (const file of [...SOURCES, "control.h"]) {
    hash.update(readFileSync(join(FOLDER, file)));
  }
  const path = join(BUILT, `${hash.digest("hex").slice(0, 16)}.so`);
  if (!existsSync(path)) {
    mkdirSync(BUILT, { recursive: true });
    // Several tests may build at once: each takes its own into place.
    const own = `${path}.${process.pid}`;
    const sources = SOURCES.map((file) => join(FOLDER, file));
    execFileSync("cc", ["-std=gnu11", "-O2", "-shared", "-fPIC", "-o", own, ...sources, "-ldl"]);
    renameSync(own, path);
  }
  return path;
}
