import { readFileSync } from "node:fs";
import { UsageError } from "./usage-error.ts";

/**
 * Reads an endpoint's secret: of the file that is named, without the line break at its end, else of
 * POSTHORN_SECRET. It is no option: others on the machine see those.
 */
export function givenSecret(file: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  const secret = file === undefined ? (env["POSTHORN_SECRET"] ?? "") : secretIn(file);
  if (secret === "") {
    throw new UsageError("which secret? Set POSTHORN_SECRET to the endpoint's, or say --secret-file");
  }
  return secret;
}

/** Reads the secret of `--secret-file`, without the line break at its end. */
export function secretIn(file: string): string {
  try {
    return readFileSync(file, "utf8").replace(/\r?\n$/, "");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--secret-file must be a file that can be read: ${why}`);
  }
}
