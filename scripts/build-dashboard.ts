/**
 * Builds the dashboard into `dashboard/dist`, where a server finds it: `node scripts/build-dashboard.ts`.
 * Ends with an error where a browser would have to load more than it may before it shows anything.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDER = join(ROOT, "dashboard");
const DIST = join(FOLDER, "dist");
/** What the build was made from. */
const STAMP = join(DIST, "sources.sha256");

/** Of all that is needed to show the first screen, as browsers get it. */
const FIRST_LOAD_BYTES_MAX = 200 * 1024;

/** Builds, unless what is there was built from the same sources. */
export async function buildWhereNeeded(): Promise<void> {
  if (stampThere() !== stampOfSources()) {
    process.stderr.write("posthorn: building the dashboard\n");
    // In a process of its own, whose memory ends with it.
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], { stdio: ["ignore", 2, 2] });
    await once(child, "exit");
    if (child.exitCode !== 0) {
      throw new Error(`the build must end with 0, got ${child.exitCode ?? child.signalCode}`);
    }
  }
}

async function buildDashboard(): Promise<void> {
  const stamp = stampOfSources();
  // A second to load, which a start that builds nothing does not wait for.
  const [{ build }, { default: react }, { default: tailwind }] = await Promise.all([
    import("vite"),
    import("@vitejs/plugin-react"),
    import("@tailwindcss/vite"),
  ]);
  const built = await build({
    root: FOLDER,
    configFile: false,
    logLevel: "warn",
    // Every address is relative: the page says where it is.
    base: "./",
    plugins: [react(), tailwind()],
    build: {
      outDir: DIST,
      emptyOutDir: true,
      // The policy of the page lets nothing inline run or load.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: join(FOLDER, "page.html") },
    },
  });
  if (!("output" in built)) {
    throw new Error("vite must answer with what it built");
  }
  checkFirstLoad(built.output.map(({ fileName }) => fileName));
  writeFileSync(STAMP, stamp);
}

/** What the page names, it loads at once. */
function checkFirstLoad(names: readonly string[]): void {
  const page = readFileSync(join(DIST, "page.html"), "utf8");
  const loaded = names.filter((name) => name === "page.html" || page.includes(name));
  const bytes = loaded.reduce((sum, name) => sum + gzipSync(readFileSync(join(DIST, name))).length, 0);
  process.stderr.write(`posthorn: the dashboard's first load is ${Math.ceil(bytes / 1024)} KB\n`);
  if (loaded.length < 3 || bytes > FIRST_LOAD_BYTES_MAX) {
    throw new Error(
      `the first load must be at most ${FIRST_LOAD_BYTES_MAX} bytes, got ${bytes} in ${loaded.join(", ")}`,
    );
  }
}

function stampThere(): string | undefined {
  try {
    return readFileSync(STAMP, "utf8");
  } catch {
    return undefined;
  }
}

function stampOfSources(): string {
  const sources = globSync(
    [
      "dashboard/page.html",
      "dashboard/src/**/*.*",
      "client/*.ts",
      "contracts/**/*.ts",
      "package-lock.json",
      "scripts/build-dashboard.ts",
    ],
    { cwd: ROOT },
  );
  const hash = createHash("sha256");
  for (const name of sources.filter((each) => !/\.test\.tsx?$/.test(each)).toSorted()) {
    hash
      .update(name)
      .update("\0")
      .update(readFileSync(join(ROOT, name)));
  }
  return hash.digest("hex");
}

if (import.meta.main) {
  await buildDashboard();
}
