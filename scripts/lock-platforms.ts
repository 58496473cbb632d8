/**
 * Adds to package-lock.json the packages of other platforms that npm left out, which `npm ci` would refuse to
 * go on without: `node scripts/lock-platforms.ts`, after an `npm install` that changed what the house rules
 * then report.
 *
 * npm takes the platforms from these entries, and fetches a package only where it fits. They have no hash,
 * since nothing was fetched to take it from.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type LeftOut, leftOutOf } from "./house-rules/package-rules.ts";
import { asObject } from "./house-rules/tree.ts";

const SYSTEMS = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const PROCESSORS = ["arm64", "x64", "arm", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x"];

const path = fileURLToPath(new URL("../package-lock.json", import.meta.url));
const lock = asObject(JSON.parse(readFileSync(path, "utf8")));
const packages = asObject(lock.packages);
const added = leftOutOf(packages).map((one) => [`node_modules/${one.name}`, entryOf(one)] as const);
const all = [...Object.entries(packages), ...added].toSorted(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(all) }, null, 2)}\n`);
console.log(`${added.length} packages of other platforms added to package-lock.json`);

function entryOf({ name, version, isDev }: LeftOut) {
  const words = name.split(/[/-]/);
  const system = words.find((word) => SYSTEMS.includes(word));
  const processor = words.find((word) => PROCESSORS.includes(word));
  if (system === undefined || processor === undefined) {
    throw new Error(`an optional package must name its platform, such as "a-linux-x64", got "${name}"`);
  }
  const libc = words.find((word) => /^(gnu|musl)/.test(word))?.replace(/^gnu.*/, "glibc");
  return {
    version,
    cpu: [processor],
    ...(isDev ? { dev: true } : {}),
    ...(system === "linux" && libc !== undefined ? { libc: [libc.replace(/^musl.*/, "musl")] } : {}),
    optional: true,
    os: [system],
  };
}
