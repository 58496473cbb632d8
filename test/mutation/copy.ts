/** A copy of the repository in which source may be broken. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Copies what git knows, as it stands in the work tree. The copy goes when the process ends. */
export function copyRepository(): string {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-mutation-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  for (const path of listed.split("\0").filter((one) => one !== "" && existsSync(join(ROOT, one)))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(ROOT, path), join(folder, path));
  }
  linkPackages(folder);
  return folder;
}

/** Packages are shared, but for our own workspaces: their links lead into the copy. */
function linkPackages(folder: string): void {
  const from = join(ROOT, "node_modules");
  const to = join(folder, "node_modules");
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.name === "@posthorn" || entry.isSymbolicLink()) {
      cpSync(join(from, entry.name), join(to, entry.name), { recursive: true, verbatimSymlinks: true });
    } else {
      symlinkSync(join(from, entry.name), join(to, entry.name));
    }
  }
}
