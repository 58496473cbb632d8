import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findBinaries } from "./binaries-fixture.ts";

/** A PostgreSQL of our own, in a folder of its own, behind a socket in that folder. */
export interface Cluster {
  readonly socketPath: string;
  urlOf(database: string): string;
  /** Ends it as a crash does; `start` recovers it. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Makes a standby of it, which streams what it writes. */
  follow(): Promise<Cluster>;
  /** Makes a primary of a standby. */
  promote(): void;
  /** Ends it, and removes what it kept. */
  close(): Promise<void>;
}

const PREFIX = "posthorn-postgres-";

// In memory where there is room for that: syncing is asked for, and costs nothing. A crash of the process
// leaves the same.
const PLACE = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

// Of its own user, and nobody else's: the socket's folder lets no other in.
const SETTINGS = `
listen_addresses = ''
shared_buffers = 64MB
max_wal_size = 256MB
log_min_messages = fatal
`;

/**
 * Makes a cluster and starts it, in memory unless a folder is named. Undefined where there is no PostgreSQL
 * and none can be installed.
 */
export async function startCluster({
  place = PLACE,
  connectionsMax = 300,
} = {}): Promise<Cluster | undefined> {
  const binaries = findBinaries();
  if (binaries === undefined) {
    return undefined;
  }
  removeOrphans(place);
  const ground: Ground = { binaries, place, user: serverUser() };
  const folder = makeFolder(ground);
  const options = ["--username=posthorn", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
  runIn(folder, ground, ["initdb", "--pgdata", join(folder, DATA), ...options]);
  return startIn(folder, ground, `${SETTINGS}max_connections = ${connectionsMax}\n`);
}

interface Ground {
  readonly binaries: string;
  readonly place: string;
  readonly user: { readonly uid: number; readonly gid: number };
}

const DATA = "data";

function makeFolder({ place, user }: Ground): string {
  const folder = mkdtempSync(join(place, `${PREFIX}${process.pid}-`));
  chownSync(folder, user.uid, user.gid);
  return folder;
}

type Command = readonly [program: string, ...words: readonly string[]];

function runIn(folder: string, { binaries, user }: Ground, [program, ...words]: Command): void {
  execFileSync(join(binaries, program), words, { ...user, cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
}

/** Starts a server on the data in a folder. */
async function startIn(folder: string, ground: Ground, settings: string): Promise<Cluster> {
  const { binaries, user } = ground;
  const data = join(folder, DATA);
  // Of what is set twice the last counts: a standby has its primary's settings before its own.
  const own = `unix_socket_directories = '${folder}'\n`;
  appendFileSync(join(data, "postgresql.conf"), `${settings}${own}`);
  let server: ChildProcess | undefined;

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = server;
    server = undefined;
    if (ending !== undefined && ending.exitCode === null && ending.signalCode === null) {
      const ended = once(ending, "exit");
      ending.kill(signal);
      await ended;
    }
  }

  const cluster: Cluster = {
    socketPath: join(folder, ".s.PGSQL.5432"),
    urlOf: (database) => `postgres://posthorn@/${database}?host=${encodeURIComponent(folder)}`,
    kill: () => end("SIGQUIT"),
    async start() {
      server = spawn(join(binaries, "postgres"), ["-D", data], { ...user, cwd: folder, stdio: "ignore" });
      await untilReady(data, server);
    },
    follow() {
      const copy = makeFolder(ground);
      const from = `host=${folder} user=posthorn`;
      const words = ["--pgdata", join(copy, DATA), "--dbname", from, "--write-recovery-conf"];
      runIn(copy, ground, ["pg_basebackup", ...words, "--checkpoint=fast", "--no-sync"]);
      return startIn(copy, ground, "");
    },
    promote() {
      runIn(folder, ground, ["pg_ctl", "promote", "--wait", "--pgdata", data]);
    },
    async close() {
      await end("SIGQUIT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await cluster.start();
  return cluster;
}

/** PostgreSQL refuses to run as root. */
function serverUser(): { readonly uid: number; readonly gid: number } {
  const uid = process.getuid?.() ?? -1;
  if (uid !== 0) {
    return { uid, gid: process.getgid?.() ?? -1 };
  }
  const [, , ownUid, ownGid] = passwordEntryOf("postgres") ?? passwordEntryOf("nobody") ?? [];
  return { uid: Number(ownUid), gid: Number(ownGid) };
}

function passwordEntryOf(user: string): readonly string[] | undefined {
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  return lines.find((line) => line.startsWith(`${user}:`))?.split(":");
}

const READY_MS_MAX = 60_000;

/** Its own word for it: the last line of the file that it keeps its process id in. */
async function untilReady(data: string, server: ChildProcess): Promise<void> {
  for (const giveUpAt = Date.now() + READY_MS_MAX; Date.now() < giveUpAt; ) {
    if (server.exitCode !== null || server.signalCode !== null) {
      break;
    }
    const [pid, , , , , , , status] = linesOf(join(data, "postmaster.pid"));
    if (pid === String(server.pid) && ["ready", "standby"].includes(status?.trim() ?? "")) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  server.kill("SIGQUIT");
  throw new Error("PostgreSQL did not start: see the log in its folder");
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    return [];
  }
}

/** Ends what a run that was killed has left. */
function removeOrphans(place: string): void {
  for (const name of readdirSync(place).filter((each) => each.startsWith(PREFIX))) {
    const owner = Number(name.slice(PREFIX.length).split("-")[0]);
    if (!isAlive(owner)) {
      const folder = join(place, name);
      const [pid] = linesOf(join(folder, "data", "postmaster.pid"));
      if (pid !== undefined && isAlive(Number(pid))) {
        process.kill(Number(pid), "SIGQUIT");
      }
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
