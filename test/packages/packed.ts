import { execFile } from "node:child_process";
import { existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

export const ROOT = join(import.meta.dirname, "../..");
const IS_WINDOWS = process.platform === "win32";
export const run = promisify(execFile);

/** An empty folder into which packages are installed from their tarballs. */
export interface PackedPackages {
  readonly folder: string;
  /** The tarballs, all of which `npm run pack` makes. */
  readonly tarballs: readonly string[];
  /** Installs these. Given `--offline`, nothing but what the tarballs hold. */
  install(tarballs: readonly string[], ...options: readonly string[]): Promise<void>;
  remove(): void;
}

/** Packs every package. */
export async function pack(): Promise<PackedPackages> {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-packages-"));
  const packed = join(folder, "packed");
  await run(process.execPath, [join(ROOT, "scripts/pack.ts"), packed], { cwd: ROOT, shell: IS_WINDOWS });
  writeFileSync(join(folder, "package.json"), '{ "type": "module", "private": true }');
  return {
    folder,
    tarballs: globSync("*.tgz", { cwd: packed }).map((name) => join(packed, name)),
    async install(tarballs, ...options) {
      const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
      await run("npm", ["install", ...quiet, ...options, ...tarballs], { cwd: folder, shell: IS_WINDOWS });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Finds the host's own Node, if it is 20 or later; else this one. */
export async function hostNode(): Promise<string> {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => !folder.startsWith(ROOT));
  for (const folder of folders) {
    const node = join(folder, IS_WINDOWS ? "node.exe" : "node");
    if (existsSync(node)) {
      const { stdout } = await run(node, ["--version"]);
      return Number(/^v(\d+)\./.exec(stdout)?.[1]) >= 20 ? node : process.execPath;
    }
  }
  return process.execPath;
}
