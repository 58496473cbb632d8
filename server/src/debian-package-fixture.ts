import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Installs a package of Debian's, where this process may. Returns whether it did. */
export function installDebianPackage(name: string): boolean {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    return false;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const run = (...words: string[]) => execFileSync("apt-get", words, { env, stdio: "ignore" });
  try {
    run("update");
    run("install", "--yes", "--no-install-recommends", name);
    return true;
  } catch {
    return false;
  }
}
