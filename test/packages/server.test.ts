import assert from "node:assert/strict";
import { globSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { freePort } from "../../bench/free-port.ts";
import { type PackedPackages, pack, ROOT, run } from "./packed.ts";

/** Runs the server as its package has it, hands it an event, and receives that: with nothing but packages. */
const PROGRAM = `
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { promisify } from "node:util";
import { createClient } from "@posthorn/client/client";
import { expressHandler } from "@posthorn/receiver/express";
import { createStandardReceiver } from "@posthorn/receiver/standard";

const [, , cli, port] = process.argv;
const key = "a key for an hour of tests ".repeat(2).replaceAll(" ", "-");
const server = spawn(process.execPath, [cli, "serve"], {
  env: {
    ...process.env,
    NODE_ENV: "production",
    POSTHORN_PORT: port,
    POSTHORN_DATABASE_URL: "sqlite:./data/posthorn.db",
    POSTHORN_ADMIN_KEY: key,
    POSTHORN_MASTER_KEY: Buffer.alloc(32, 7).toString("base64"),
    POSTHORN_EGRESS_ALLOW: "127.0.0.0/8",
  },
  stdio: ["ignore", "ignore", "pipe"],
});
let said = "";
server.stderr.on("data", (text) => (said += text));
while (!said.includes("Posthorn serves")) {
  if (server.exitCode !== null) throw new Error(said);
  await new Promise((resume) => setTimeout(resume, 20));
}
const posthorn = createClient({ url: "http://127.0.0.1:" + port, key });
await posthorn.createTenant({ id: "acme", name: "Acme" });
const received = Promise.withResolvers();
let handle;
const hooks = createServer((request, response) => handle(request, response)).listen(0, "127.0.0.1");
await once(hooks, "listening");
const url = "http://127.0.0.1:" + hooks.address().port + "/hooks";
const { secret } = await posthorn.createEndpoint("acme", { url });
handle = expressHandler(createStandardReceiver({ secrets: [secret], onEvent: received.resolve }));
const { id } = await posthorn.sendEvent("acme", { type: "invoice.paid", data: { id: 42 } });
const event = await received.promise;
hooks.close();
const size = ["--events", "100", "--rounds", "1", "--seconds", "1", "--rate", "20", "--json"];
const env = { ...process.env, POSTHORN_KEY: key, POSTHORN_URL: "http://127.0.0.1:" + port };
const { stdout } = await promisify(execFile)(process.execPath, [cli, "bench", ...size], { env });
server.kill("SIGTERM");
const [code] = await once(server, "exit");
const measured = JSON.parse(stdout).arrived;
console.log(JSON.stringify({ code, isSame: event.id === id, data: event.data, measured }));
`;

describe("the package of the server", { concurrency: 1 }, () => {
  let packed: PackedPackages;
  let manifest: { readonly bin: { readonly posthorn: string }; readonly dependencies: object };
  const installed = (path: string) => join(packed.folder, "node_modules/posthorn", path);

  before(async () => {
    packed = await pack();
    await packed.install(packed.tarballs, "--prefer-offline");
    manifest = JSON.parse(readFileSync(installed("package.json"), "utf8"));
  });
  after(() => packed.remove());

  test("holds JavaScript, and none of what tests it", () => {
    const files = globSync("**/*", { cwd: installed("src") });
    assert.deepEqual(
      files.filter((file) => /(?<!\.d)\.ts$|\.test\.|fixture/.test(file)),
      [],
    );
    assert.equal(manifest.bin.posthorn, "./src/cli.js");
  });

  test("nothing that it needs runs a script when it is installed", () => {
    const manifests = globSync("node_modules/{*,@*/*}/package.json", { cwd: packed.folder });
    assert.ok(manifests.length > Object.keys(manifest.dependencies).length);
    const isRun = (path: string) =>
      /"(pre|post)?install":/.test(readFileSync(join(packed.folder, path), "utf8"));
    assert.deepEqual(manifests.filter(isRun), []);
  });

  test("serves, delivers, measures itself and drains from an empty folder", async () => {
    writeFileSync(join(packed.folder, "program.mjs"), PROGRAM);
    mkdirSync(join(packed.folder, "data"));
    const args = ["program.mjs", installed(manifest.bin.posthorn), String(await freePort())];
    const { stdout } = await run(process.execPath, args, { cwd: packed.folder });
    assert.deepEqual(JSON.parse(stdout), { code: 0, isSame: true, data: { id: 42 }, measured: 641 });
  });

  test("the image and the unit start the program that it has", () => {
    for (const file of ["Containerfile", "posthorn.service"]) {
      const text = readFileSync(join(ROOT, "deploy", file), "utf8");
      const [, started] = /\/opt\/posthorn\/(node_modules\/posthorn\/\S+\.js)/.exec(text) ?? [];
      assert.ok(started, `${file} starts a program`);
      assert.ok(statSync(join(packed.folder, started)).isFile());
    }
  });

  test("publint finds nothing wrong with any package", async () => {
    const publint = join(ROOT, "node_modules/publint/src/cli.js");
    for (const name of ["client", "contracts", "receiver", "dashboard", "server"]) {
      const folder = join(packed.folder, "packed", name);
      const { stdout } = await run(process.execPath, [publint, "--strict", folder]);
      assert.match(stdout, /All good!/);
    }
  });

  test("systemd takes the unit, and calls what it exposes little", async (it) => {
    const unit = join(ROOT, "deploy/posthorn.service");
    const analyze = async (...args: string[]) => await run("systemd-analyze", args);
    try {
      await analyze("--version");
    } catch {
      it.skip("systemd-analyze is not on this machine");
      return;
    }
    const { stderr } = await analyze("verify", unit);
    assert.equal(stderr, "");
    const { stdout } = await analyze("security", "--offline=true", unit);
    const [, exposure] = /exposure level for posthorn\.service: ([\d.]+)/.exec(stdout) ?? [];
    assert.ok(Number(exposure) < 2, stdout);
  });
});
