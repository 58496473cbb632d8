import { existsSync, globSync } from "node:fs";
import { delimiter, join } from "node:path";
import { installDebianPackage } from "../../debian-package-fixture.ts";

/** The folder with `initdb` and `postgres`; undefined if there is none and none can be installed. */
export function findBinaries(): string | undefined {
  return findInstalled() ?? (installDebianPackage("postgresql") ? findInstalled() : undefined);
}

// Debian keeps each version in a folder of its own, off the path; Homebrew does likewise.
const PLACES = [
  "/usr/lib/postgresql/*/bin",
  "/usr/pgsql-*/bin",
  "/opt/homebrew/opt/postgresql@*/bin",
  "/usr/local/opt/postgresql@*/bin",
];

function findInstalled(): string | undefined {
  const onPath = (process.env["PATH"] ?? "").split(delimiter);
  const versioned = globSync(PLACES).sort((one, other) => versionIn(other) - versionIn(one));
  return [...versioned, ...onPath].find((folder) =>
    ["initdb", "postgres"].every((program) => existsSync(join(folder, program))),
  );
}

function versionIn(folder: string): number {
  return Number(/\d+/.exec(folder)?.[0] ?? 0);
}
