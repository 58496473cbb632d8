/** The dashboard as it was built: a few files, which the server keeps in memory. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

export interface DashboardFile {
  readonly bytes: Buffer;
  readonly gzipped: Buffer;
  readonly contentType: string;
  readonly etag: string;
}

/** By paths from the dashboard's own, such as `assets/main-1a2b3c.js`. */
export type DashboardFiles = ReadonlyMap<string, DashboardFile>;

/** What answers every path that is no file. */
export const PAGE = "page.html";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

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
    known.map((name) => [name.replaceAll("\\", "/"), dashboardFile(name, readFileSync(join(folder, name)))]),
  );
  return files.has(PAGE) ? files : undefined;
}

/** Makes what is served of a file from what stands in it. */
export function dashboardFile(name: string, bytes: Buffer): DashboardFile {
  return {
    bytes,
    gzipped: gzipSync(bytes),
    contentType: CONTENT_TYPES[extname(name)] ?? "application/octet-stream",
    etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`,
  };
}
