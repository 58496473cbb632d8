import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";

// USER_HZ is 100 on every Linux that Node runs on: /proc counts in hundredths of a second.
const MS_PER_TICK = 10;

/** Reads how much CPU a child has used, all its threads together, user and system. Linux only. */
export function cpuMsOf(child: ChildProcess): number {
  const stat = readFileSync(`/proc/${child.pid}/stat`, "utf8");
  // The second field is the program's name in parentheses and may hold spaces: user and system time are the
  // twelfth and thirteenth after it (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/** Reads how much memory of a child is resident. Linux only. */
export function memoryBytesOf(child: ChildProcess): number {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/**
 * Reads how long the main thread of a child was ready to run while all processors were busy with others, in
 * milliseconds since it began: what else the machine does takes that from it. Linux only.
 */
export function processorWaitMsOf(child: ChildProcess): number {
  // Nanoseconds on a processor, nanoseconds waiting for one, slices of time.
  const [, waitingNs] = readFileSync(`/proc/${child.pid}/schedstat`, "utf8").split(" ");
  return Number(waitingNs) / 1e6;
}
