/**
 * Tells a server in development that the npm it was started by has ended. npm passes signals to a shell,
 * which passes none on: whoever ends `npx posthorn start` by a signal, or kills it, would leave a server
 * behind that keeps its port and its database.
 */
import { readFileSync } from "node:fs";

/** What Linux tells of a process. */
export interface ProcessFacts {
  readonly name: string;
  /** It has ended, and whoever started it has not looked yet. */
  readonly isEnded: boolean;
  readonly parent: number;
  /** In ticks since the machine started; by it a process is told from a later one of the same number. */
  readonly startedAt: string;
}

type FactsOf = (pid: number) => ProcessFacts | undefined;

const LOOK_EVERY_MS = 1000;
/** npm, a shell and a script of ours or two stand between. */
const ANCESTORS_MAX = 8;

/** Calls `then` once, when the npm above this process has ended; never where there is none, or no Linux. */
export function whenNpmEnds(then: () => void): void {
  const hasEnded = npmAbove(process.ppid, factsOf);
  if (hasEnded === undefined) {
    return;
  }
  const timer = setInterval(() => {
    if (hasEnded()) {
      clearInterval(timer);
      then();
    }
  }, LOOK_EVERY_MS).unref();
}

/** Finds the nearest npm from a process upwards, and returns what tells whether it has ended. */
export function npmAbove(from: number, facts: FactsOf): (() => boolean) | undefined {
  let pid = from;
  for (let looked = 0; looked < ANCESTORS_MAX; looked += 1) {
    const found = facts(pid);
    if (found === undefined) {
      return undefined;
    }
    if (/^np[mx]\b/.test(found.name)) {
      const npm = pid;
      return () => {
        const now = facts(npm);
        return now === undefined || now.isEnded || now.startedAt !== found.startedAt;
      };
    }
    pid = found.parent;
  }
  return undefined;
}

function factsOf(pid: number): ProcessFacts | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // A name stands in parentheses, and may have some of its own.
    const end = stat.lastIndexOf(")");
    const fields = stat.slice(end + 2).split(" ");
    const [state = "", parent = ""] = fields;
    return {
      name: stat.slice(stat.indexOf("(") + 1, end),
      isEnded: state === "Z" || state === "X",
      parent: Number(parent),
      startedAt: fields[19] ?? "",
    };
  } catch {
    return undefined;
  }
}
