/** Descriptions of the API as releases had them: programs were written against these. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { breakingChanges } from "./breaking-changes.ts";

/** Names the file that holds what versions such as `0.1.7` or `1.4.2` promise: a minor of 0, or a major. */
export function baselineOf(version: string): string {
  const [, line = ""] = /^(0\.\d+|[1-9]\d*)\./.exec(version) ?? [];
  if (line === "") {
    throw new Error(`a version must be as 0.1.0, got ${JSON.stringify(version)}`);
  }
  return `openapi-${line}.json`;
}

/**
 * Says what a description breaks of what its version promises, by the baseline in a folder. Any commit may
 * change the description that stands beside the code; the baseline changes at a release alone.
 */
export function brokenPromises(
  folder: string,
  { version, description }: { readonly version: string; readonly description: unknown },
): readonly string[] {
  const name = baselineOf(version);
  return globSync(name, { cwd: folder }).flatMap((file) =>
    breakingChanges(JSON.parse(readFileSync(join(folder, file), "utf8")), description),
  );
}
