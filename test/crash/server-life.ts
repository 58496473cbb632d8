/**
 * The server's processes, as the run sees them: one after another, each on the database its predecessor
 * left.
 */
import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Listening, ServerInstructions } from "./server-process.ts";

const SCRIPT = fileURLToPath(new URL("server-process.ts", import.meta.url));

/** How a process ended. */
export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ServerLife {
  readonly number: number;
  /** Resolves with where it listens; undefined if it ended before. */
  readonly listening: Promise<string | undefined>;
  readonly ended: Promise<End>;
  /** Ends it as a power cut would. */
  kill(): void;
  /** Asks it to drain. */
  terminate(): void;
  /** Stands still from now on, as the whole machine does that is suspended. */
  suspend(): void;
  wake(): void;
  /** What it held in memory at most so far, in bytes; undefined where the system does not tell. */
  residentPeak(): number | undefined;
  /** What it logged. */
  said(): string;
}

export interface Lives {
  begin(instructions: Omit<ServerInstructions, "life">): ServerLife;
  /** Ends every process that is left. */
  close(): Promise<void>;
}

/** What processes are started with. */
export interface LaunchOptions {
  /** Bounds the objects that a process can hold. Default: what the runtime thinks right. */
  readonly heapMegabytes?: number;
  /** Bounds the files and sockets that a process can have open. Default: what the machine allows. */
  readonly descriptorsMax?: number;
  /** What becomes of what they log. Default: it is read. */
  readonly stderr?: "read" | "unread" | "closed";
  /** Beside the environment of this process. Default: nothing. */
  readonly env?: Readonly<Record<string, string>>;
  /** A module that each process loads before everything else. Default: none. */
  readonly preload?: string;
  /** Is done before a process opens the database, when the one before has ended. Default: nothing. */
  readonly beforeEach?: () => void;
}

/**
 * Makes lives. While one serves, the next has its process already and loads its modules, so that a restart
 * costs what recovery costs.
 */
export function createLives(options: LaunchOptions = {}): Lives {
  const { heapMegabytes, descriptorsMax, stderr = "read", env, preload, beforeEach } = options;
  const left = new Set<ServerLife>();
  let count = 0;
  let waiting: Launched | undefined;

  function launch(): Launched {
    const child = fork(SCRIPT, [], {
      stdio: ["ignore", "inherit", "pipe", "ipc"],
      ...(descriptorsMax === undefined ? {} : { execPath: "/bin/sh" }),
      execArgv: [
        ...(descriptorsMax === undefined ? [] : ["-c", limited(descriptorsMax), process.execPath]),
        ...(heapMegabytes === undefined ? [] : [`--max-old-space-size=${heapMegabytes}`]),
        ...(preload === undefined ? [] : [`--import=${preload}`]),
      ],
      env: { ...process.env, ...env },
    });
    count += 1;
    if (stderr === "closed") {
      child.stderr?.destroy();
    }
    const life = follow(child, count, stderr === "read");
    left.add(life);
    void life.ended.then(() => left.delete(life));
    return { child, life };
  }

  return {
    begin(instructions) {
      const { child, life } = waiting ?? launch();
      beforeEach?.();
      // One that has ended already is told nothing, and its end says why.
      child.send({ ...instructions, life: life.number } satisfies ServerInstructions, () => undefined);
      waiting = launch();
      return life;
    },
    async close() {
      const all = [...left];
      for (const life of all) {
        life.kill();
      }
      await Promise.all(all.map(({ ended }) => ended));
    },
  };
}

/** A shell's command that runs what follows it with fewer descriptors. */
function limited(descriptorsMax: number): string {
  return `ulimit -n ${descriptorsMax} && exec "$0" "$@"`;
}

interface Launched {
  readonly child: ChildProcess;
  readonly life: ServerLife;
}

function follow(child: ChildProcess, number: number, isRead: boolean): ServerLife {
  let said = "";
  if (isRead) {
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  // After its last words: `close` comes when the pipes have ended too.
  const ended = new Promise<End>((resolve) => {
    child.once(isRead ? "close" : "exit", (code, signal) => resolve({ code, signal }));
  });
  const listening = new Promise<string | undefined>((resolve) => {
    child.once("message", (message) => resolve((message as Listening).url));
    child.once("exit", () => resolve(undefined));
  });
  return {
    number,
    listening,
    ended,
    kill: () => void child.kill("SIGKILL"),
    terminate: () => void child.kill("SIGTERM"),
    suspend: () => void child.kill("SIGSTOP"),
    wake: () => void child.kill("SIGCONT"),
    residentPeak: () => residentPeakOf(child.pid),
    said: () => said,
  };
}

function residentPeakOf(pid: number | undefined): number | undefined {
  if (process.platform !== "linux" || pid === undefined) {
    return undefined;
  }
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
