/**
 * The server's processes, as the run sees them: one after another, each on the database its predecessor
 * left.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Listening, ServerInstructions } from "./server-process.ts";

const SCRIPT = fileURLToPath(new URL("server-process.ts", import.meta.url));

// Halves what a start costs.
const COMPILED = fileURLToPath(new URL("../../node_modules/.cache/posthorn-crash", import.meta.url));

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

/**
 * Makes lives. While one serves, the next has its process already and loads its modules, so that a restart
 * costs what recovery costs. `heapMegabytes` bounds the objects that a process can hold. Default: what the
 * runtime thinks right.
 */
export function createLives({ heapMegabytes }: { readonly heapMegabytes?: number } = {}): Lives {
  const children = new Set<ChildProcess>();
  let count = 0;
  let waiting: ChildProcess | undefined;

  function launch(): ChildProcess {
    const child = fork(SCRIPT, [], {
      stdio: ["ignore", "inherit", "pipe", "ipc"],
      execArgv: heapMegabytes === undefined ? [] : [`--max-old-space-size=${heapMegabytes}`],
      env: { PATH: process.env["PATH"], NODE_COMPILE_CACHE: COMPILED },
    });
    children.add(child);
    child.once("exit", () => children.delete(child));
    return child;
  }

  return {
    begin(instructions) {
      const child = waiting ?? launch();
      count += 1;
      const life = follow(child, count);
      child.send({ ...instructions, life: count } satisfies ServerInstructions);
      waiting = launch();
      return life;
    },
    async close() {
      const ends = [...children].map((child) => once(child, "exit"));
      for (const child of children) {
        child.kill("SIGKILL");
      }
      await Promise.all(ends);
    },
  };
}

function follow(child: ChildProcess, number: number): ServerLife {
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  // After its last words: `close` comes when the pipes have ended too.
  const ended = new Promise<End>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
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
