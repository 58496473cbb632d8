/** The dashboard as it was built: a few files, which the server keeps in memory. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CONTENT_TYPES, type KeptFile, keptFile } from "./kept-file.ts";

/** By paths from the dashboard's own, such as `assets/main-1a2b3c.js`. */
export type DashboardFiles = ReadonlyMap<string, KeptFile>;

/** What answers every path that is no file. */
export const PAGE = "page.html";

/** Reads what was built. Returns undefined where nothing was. */
export function readDashboardFiles(): DashboardFiles | undefined {
  try {
    const manifest = fileURLToPath(import.meta.resolve("@posthorn/dashboard/package.json"));
    return readFolder(join(dirname(manifest), "dist"));
  } catch {
    return undefined;
  }
}

function readFolder(folder: string): DashboardFiles | undefined {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const known = names.filter((name) => CONTENT_TYPES[extname(name)] !== undefined);
  const files = new Map(
    known.map((name) => [name.replaceAll("\\", "/"), keptFile(name, readFileSync(join(folder, name)))]),
  );
  return files.has(PAGE) ? files : undefined;
}
