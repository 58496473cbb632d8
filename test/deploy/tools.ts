import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Says what this machine lacks; undefined: nothing. */
export function missingTools(tools: readonly string[]): string | undefined {
  if (process.getuid?.() !== 0 || process.arch !== "x64" || process.platform !== "linux") {
    return "it takes root on Linux and x64";
  }
  const absent = tools.filter((tool) => pathOf(tool) === undefined);
  return absent.length === 0 ? undefined : `there is no ${absent.join(", no ")}`;
}

/** Finds a program where the shell would. */
export function pathOf(tool: string): string | undefined {
  const places = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, tool));
  return places.find((place) => existsSync(place));
}

/** Runs a program to its end. Throws an Error with the end of what it said. */
export function runTool(tool: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(tool, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0) {
    throw new Error(`${tool} must end with 0, got ${status}: ${`${stdout}${stderr}`.slice(-1000)}`);
  }
}
