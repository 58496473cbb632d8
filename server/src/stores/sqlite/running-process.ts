import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("appending-process.ts", import.meta.url));

/** A process of the tests that has a store open, and what it said so far. */
export interface RunningProcess {
  readonly lines: readonly string[];
  /** Resolves when it has said so many lines, or has ended. */
  said(count: number): Promise<void>;
  /** Resolves when it has ended. */
  readonly ended: Promise<unknown>;
  /** Ends it as a power cut would, without a word. */
  kill(): Promise<unknown>;
}

export interface ProcessOptions {
  readonly path: string;
  /** Of each event. Default: 100. */
  readonly dataBytes?: number;
  /** How large a file may get, in blocks of 512 bytes. Default: as large as it will. */
  readonly fileBlocksMax?: number;
}

/** Starts a process that appends events until it is killed or refused. */
export function startAppending(options: ProcessOptions, t: TestContext): RunningProcess {
  const { path, dataBytes = 100, fileBlocksMax } = options;
  const command = [process.execPath, SCRIPT, path, `${dataBytes}`];
  const limited = ["sh", "-c", 'ulimit -f "$1"; shift; exec "$@"', "sh", `${fileBlocksMax}`, ...command];
  const [program = "", ...words] = fileBlocksMax === undefined ? command : limited;
  const child = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"] });
  return follow(child, t);
}

function follow(
  child: ChildProcess & { readonly stdout: NonNullable<ChildProcess["stdout"]> },
  t: TestContext,
) {
  const lines: string[] = [];
  const listeners: (() => void)[] = [];
  const wake = () => {
    for (const listener of listeners.splice(0)) {
      listener();
    }
  };
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    wake();
  });
  let hasEnded = false;
  const ended = once(child, "close").then(() => {
    hasEnded = true;
    wake();
  });
  const kill = () => {
    child.kill("SIGKILL");
    return ended;
  };
  t.after(kill);
  return {
    lines,
    ended,
    kill,
    async said(count: number) {
      while (lines.length < count && !hasEnded) {
        await new Promise<void>((resolve) => listeners.push(resolve));
      }
    },
  };
}
