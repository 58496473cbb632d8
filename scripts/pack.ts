/**
 * Builds the packages that are published, and packs them: `npm run pack`. Each becomes a folder in `dist/`,
 * from which `npm publish` takes it, and a tarball beside it. `npm run pack -- <folder>` puts them there.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { publishedManifest } from "./published-manifest.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const OUT = resolve(ROOT, process.argv[2] ?? "dist");
const PACKAGES = ["client", "contracts", "receiver", "dashboard", "server"];
/** For Node 20 what others import, and for the server's own Node the server. */
const BUILDS = ["tsconfig.build.json", "tsconfig.build-server.json"];

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
for (const build of BUILDS) {
  run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", build, "--outDir", OUT]);
}
run(process.execPath, [join(ROOT, "scripts/build-dashboard.ts")]);
cpSync(join(ROOT, "dashboard/dist"), join(OUT, "dashboard/dist"), { recursive: true });
for (const name of PACKAGES) {
  const folder = join(OUT, name);
  const manifest = readFileSync(join(ROOT, name, "package.json"), "utf8");
  writeFileSync(join(folder, "package.json"), publishedManifest(manifest));
  copyFileSync(join(ROOT, name, "README.md"), join(folder, "README.md"));
  copyFileSync(join(ROOT, "LICENSE"), join(folder, "LICENSE"));
}
run("npm", ["pack", "--silent", "--pack-destination", OUT, ...PACKAGES.map((name) => join(OUT, name))]);

/** Runs a program to its end. What it says is said. */
function run(command: string, args: readonly string[]): void {
  const isWindows = process.platform === "win32" && command === "npm";
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: "inherit", shell: isWindows });
  if (status !== 0) {
    throw new Error(`${command} must end with 0, got ${status}`);
  }
}
