import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bspk } from "@posthorn/contracts/bspk/send";
import { bubblehouse } from "@posthorn/contracts/bubblehouse/send";
import { cloudEvents } from "@posthorn/contracts/cloudevents/send";
import type { Contract } from "@posthorn/contracts/contract";
import { rendered, sampleAttempt, sampleEndpoint, sampleEvent } from "@posthorn/contracts/samples";
import { spektr } from "@posthorn/contracts/spektr/send";
import { standard } from "@posthorn/contracts/standard/send";
import { fetchHandler } from "./fetch.ts";
import { createStandardReceiver } from "./standard.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");

/** The blocks of code that name their file in the first line. */
const blocks = new Map(
  [...readme.matchAll(/^```[jt]s\n\/\/ (\S+)\n([\s\S]*?)^```/gm)].map(([, file = "", code = ""]) => [
    file,
    code,
  ]),
);

/** Writes a block where an integrator would: in a folder of its own, beside its node_modules. */
function setup(test: TestContext, file: string): string {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-readme-"));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
  const path = join(folder, file);
  writeFileSync(path, blocks.get(file) ?? assert.fail(`README.md has no ${file}`));
  return path;
}

async function load(test: TestContext, file: string) {
  return import(pathToFileURL(setup(test, file)).href);
}

/** A request of a contract as it is made now, and the secret that it was made with. */
function requestOf(contract: Contract, path: string) {
  const secret = contract.makeSecret((count) => Buffer.alloc(count, 7), { hmac: true }) ?? "";
  const endpoint = sampleEndpoint({ url: `https://receiver.example${path}`, secrets: [secret] });
  const event = sampleEvent({ type: "metafield.created", data: '{"id":7,"customer":{}}' });
  const { url, headers, payload } = rendered(
    contract.request(endpoint, [event], sampleAttempt({ at: Date.now() })),
  );
  return { secret, request: new Request(url, { method: "POST", headers, body: Uint8Array.from(payload) }) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : assert.fail("no port");
}

/** Runs a server of the README, and waits until it says that it listens. */
async function serve(test: TestContext, file: string, env: Readonly<Record<string, string>>) {
  const port = await freePort();
  const child: ChildProcess = spawn(process.execPath, [setup(test, file)], {
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  test.after(async () => {
    child.kill();
    await ended;
  });
  let said = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const heard = async (word: string) => {
    while (!said.includes(word) && child.stdout) {
      await once(child.stdout, "data");
    }
  };
  await heard("listening");
  return { origin: `http://127.0.0.1:${port}`, heard };
}

async function post(origin: string, request: Request): Promise<Response> {
  const { headers, url } = request;
  return fetch(origin + new URL(url).pathname, {
    method: "POST",
    headers,
    body: await request.arrayBuffer(),
  });
}

describe("README.md", () => {
  it("the ten lines of Express are ten, take an event over HTTP, and refuse a changed one", async (test) => {
    assert.ok((blocks.get("express-app.mjs") ?? "").trim().split("\n").length <= 10);
    const { secret, request } = requestOf(standard, "/hooks");
    const { origin, heard } = await serve(test, "express-app.mjs", { WEBHOOK_SECRET: secret });
    const { url, headers } = request;
    const changed = new Request(url, { method: "POST", headers, body: "{}" });
    assert.equal((await post(origin, changed)).status, 401);
    assert.equal((await post(origin, request)).status, 204);
    await heard("evt_0123456789abcdef metafield.created { id: 7");
  });

  it("the Fastify app takes an event over HTTP and answers its outcome", async (test) => {
    const { secret, request } = requestOf(bubblehouse, "/bh/:name");
    const { origin } = await serve(test, "fastify-app.mjs", { BUBBLEHOUSE_SECRET: secret });
    const answer = await post(origin, request);
    assert.deepEqual([answer.status, await answer.json()], [200, { outcome: "skipped" }]);
  });

  it("the CloudEvents app takes an event over HTTP, and answers the handshake", async (test) => {
    const { secret, request } = requestOf(cloudEvents, "/hooks");
    const { origin, heard } = await serve(test, "cloudevents-app.mjs", { WEBHOOK_TOKEN: secret });
    const headers = { "webhook-request-origin": "posthorn" };
    const asked = await fetch(origin, { method: "OPTIONS", headers });
    assert.equal(asked.headers.get("webhook-allowed-rate"), "600");
    assert.equal((await post(origin, request)).status, 204);
    await heard("/tenants/ten_acme evt_0123456789abcdef metafield.created");
  });

  it("the Worker takes a batch with the secret of its env", async (test) => {
    const { default: worker } = await load(test, "worker.mjs");
    const { secret, request } = requestOf(spektr, "/hooks");
    test.mock.method(console, "log", () => undefined);
    assert.equal((await worker.fetch(request, { SPEKTR_SECRET: secret })).status, 200);
  });

  it("the Hono app takes an event", async (test) => {
    const { secret, request } = requestOf(bspk, "/hooks");
    process.env["BSPK_SECRET"] = secret;
    const { default: app } = await load(test, "hono-app.mjs");
    test.mock.method(console, "log", () => undefined);
    assert.equal((await app.fetch(request)).status, 204);
  });

  it("the rotating receiver takes what either secret signed, and does with the newer alone", async (test) => {
    test.mock.method(console, "log", () => undefined);
    const { secret, request } = requestOf(standard, "/hooks");
    const other = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
    for (const [newest, older] of [
      [secret, other],
      [other, secret],
      [secret, undefined],
    ]) {
      process.env["WEBHOOK_SECRET"] = newest;
      delete process.env["WEBHOOK_SECRET_OLDER"];
      Object.assign(process.env, older === undefined ? {} : { WEBHOOK_SECRET_OLDER: older });
      const { POST } = await load(test, "rotating.mjs");
      assert.equal((await POST(request.clone())).status, 204);
    }
  });

  it("the store in memory keeps a repeat from onEvent", async (test) => {
    const { secret, request } = requestOf(standard, "/hooks");
    process.env["WEBHOOK_SECRET"] = secret;
    const { POST } = await load(test, "once.mjs");
    const { mock } = test.mock.method(console, "log", () => undefined);
    assert.deepEqual([(await POST(request.clone())).status, (await POST(request)).status], [204, 204]);
    assert.deepEqual(
      mock.calls.map((call) => call.arguments),
      [["once:", "evt_0123456789abcdef"]],
    );
  });

  it("the store in SQL keeps a repeat from onEvent in the next process, too", async (test) => {
    const folder = mkdtempSync(join(tmpdir(), "posthorn-taken-"));
    test.after(() => {
      delete process.env["DATABASE"];
      rmSync(folder, { recursive: true, force: true });
    });
    process.env["DATABASE"] = join(folder, "taken.db");
    const { secret, request } = requestOf(standard, "/hooks");
    const taken: unknown[] = [];
    for (let life = 1; life <= 2; life += 1) {
      const { sqlStore } = await load(test, "sql-store.mjs");
      const onEvent = ({ id }: { readonly id: string | undefined }) => void taken.push(id);
      const receiver = createStandardReceiver({ secrets: [secret], dedupe: sqlStore, onEvent });
      assert.equal((await fetchHandler(receiver)(request.clone())).status, 204);
    }
    assert.deepEqual(taken, ["evt_0123456789abcdef"]);
  });

  it("the store in SQL remembers a key, also one that comes twice", async (test) => {
    const { sqlStore } = await load(test, "sql-store.mjs");
    const before = await sqlStore.seen("a");
    await sqlStore.remember("a");
    await sqlStore.remember("a");
    assert.deepEqual([before, await sqlStore.seen("a"), await sqlStore.seen("b")], [false, true, false]);
  });

  it("the test of a receiver passes", async (test) => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const child = spawn(process.execPath, ["--test", setup(test, "hooks.test.mjs")], { env });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    assert.deepEqual(await once(child, "exit"), [0, null], said);
    assert.match(said, /pass 1/);
  });

  it("the switch over types compiles, and is wrong about no member", async (test) => {
    const path = setup(test, "narrowing.ts");
    const folder = join(path, "..");
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    const compilerOptions = { typeRoots: [join(root, "node_modules/@types")] };
    const config = { extends: join(root, "tsconfig.json"), compilerOptions, include: [path] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const child = spawn(process.execPath, [tsc, "-p", folder]);
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    assert.deepEqual(await once(child, "exit"), [0, null], said);
  });
});
