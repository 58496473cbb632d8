import { execFile, spawnSync } from "node:child_process";
import { setTimeout as after } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

interface Ran {
  readonly code: number | null;
  /** What it said, on standard output and on standard error. */
  readonly said: string;
}

/** Runs a line of the shell to its end, as root. */
export function shell(line: string): Ran {
  const { status, stdout, stderr } = spawnSync("/bin/sh", ["-c", line], { encoding: "utf8" });
  return { code: status, said: `${stdout}${stderr}`.trim() };
}

/** Runs one that must end with 0, and returns what it said. Throws an Error that has the end of it. */
export function must(line: string): string {
  const { code, said } = shell(line);
  if (code !== 0) {
    throw new Error(`${line} must end with 0, got ${code}: ${said.slice(-600)}`);
  }
  return said;
}

/** As `must`, while a receiver of this process goes on answering. */
export async function meanwhile(line: string): Promise<void> {
  await run("/bin/sh", ["-c", line]);
}

/** Looks every quarter of a second until something is so. Throws an Error where it is not in time. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  secondsMax = 120,
): Promise<void> {
  const end = performance.now() + secondsMax * 1000;
  while (!(await isSo())) {
    if (performance.now() > end) {
      throw new Error(`${what}: not within ${secondsMax} s`);
    }
    await after(250);
  }
}
