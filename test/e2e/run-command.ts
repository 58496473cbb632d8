import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

const CLI = fileURLToPath(new URL("../../server/src/cli.ts", import.meta.url));

export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command in a process of its own, with no other POSTHORN_KEY than what it is given. */
export function runCommand(words: readonly string[], given: NodeJS.ProcessEnv): Promise<Run> {
  const { POSTHORN_KEY: _, POSTHORN_ADMIN_KEY: __, ...others } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...words], { env: { ...others, ...given } }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}
