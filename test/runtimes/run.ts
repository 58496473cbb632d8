/**
 * Runs one program on every runtime that the client and the receiver are for, as they are packed, against a
 * real server: `npm run runtimes`. Bun, Deno and workerd come from the registry into a temporary folder; one
 * that cannot be had is said to be skipped. Ends with a table, and with 1 if a runtime went wrong.
 */
import assert from "node:assert/strict";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rendered, sampleAttempt, sampleEndpoint, sampleEvent } from "@posthorn/contracts/samples";
import { standard } from "@posthorn/contracts/standard/send";
import { build } from "vite";
import { createClient } from "../../client/client.ts";
import { configOf } from "../../server/src/cli/config-given.ts";
import { startServer } from "../../server/src/main.ts";
import { openPage, startChromium } from "../browser/chromium.ts";
import { hostNode, pack, run } from "../packages/packed.ts";

/** Exact, as whoever reads the table wants to know what was tried. */
const PACKAGES = ["bun@1.4.5", "deno@2.9.6", "workerd@1.20261117.1"];
const RUN_MS_MAX = 120_000;

const MAIN = `import { program } from "./program.mjs";
const { env } = globalThis.process;
console.log(JSON.stringify(await program(JSON.parse(env.GIVEN))));
`;

const EXPECTED = {
  send: "once",
  list: "invoice.paid invoice.paid invoice.paid",
  error: "invalid_request /url",
  watch: "invoice.sent",
  receive: "204 401 invoice.paid",
};

interface Given {
  readonly url: string;
  readonly key: string;
  readonly tenant: string;
  readonly secret: string;
  readonly request: object;
}

/** Runs the program. Undefined: the runtime is not there. */
type Runtime = (given: Given) => Promise<{ readonly version: string; readonly said: unknown } | undefined>;

const packed = await pack();
const { folder } = packed;

const RUNTIMES: Readonly<Record<string, Runtime>> = {
  Node: (given) => runMain(process.execPath, [], given),
  HostNode: async (given) => await runMain(await hostNode(), [], given),
  Bun: (given) => runMain(findBinary("@oven/bun-*/bin/bun"), [], given),
  Deno: (given) =>
    runMain(findBinary("@deno/*/deno"), ["run", "--no-lock", "--allow-env", "--allow-net"], given),
  workerd: runInWorker,
  Chromium: runInBrowser,
};

let hasFailed = false;
try {
  await installAll();
  for (const [name, runtime] of Object.entries(RUNTIMES)) {
    console.log(await tryOn(name, runtime));
  }
} finally {
  packed.remove();
}
process.exitCode = hasFailed ? 1 : 0;

/** Installs what is packed, and of the runtimes those that can be had. */
async function installAll(): Promise<void> {
  const importable = packed.tarballs.filter((path) => /-(client|contracts|receiver)-[\d.]+\.tgz$/.test(path));
  await packed.install(importable, "--offline");
  for (const name of PACKAGES) {
    await packed.install([name]).catch((error) => console.error(`${name} cannot be had: ${String(error)}`));
  }
  writeFileSync(join(folder, "program.mjs"), readFileSync(join(import.meta.dirname, "program.mjs")));
  writeFileSync(join(folder, "main.mjs"), MAIN);
}

async function tryOn(name: string, runtime: Runtime): Promise<string> {
  const config = configOf({
    POSTHORN_DATABASE_URL: `sqlite:${join(folder, `${name}.db`)}`,
    POSTHORN_LOG_LEVEL: "error",
  });
  const server = await startServer({ config: { ...config, port: 0 }, isDevelopment: true });
  try {
    const { url, adminKey: key = "" } = server;
    await createClient({ url, key }).createTenant({ id: "acme", name: "Acme" });
    const result = await runtime({ url, key, tenant: "acme", ...signedRequest() });
    if (result === undefined) {
      return `${name.padEnd(9)} skipped: it is not there for this machine`;
    }
    assert.deepEqual(result.said, EXPECTED);
    return `${name.padEnd(9)} ok       ${result.version}`;
  } catch (error) {
    hasFailed = true;
    return `${name.padEnd(9)} FAILED   ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    await server.stop();
  }
}

/** What a receiver gets, and the secret under which it is signed. */
function signedRequest() {
  const secret = standard.makeSecret((count) => new Uint8Array(count).fill(7), {}) ?? "";
  const endpoint = sampleEndpoint({ url: "https://receiver.example.com/hooks", secrets: [secret] });
  const event = sampleEvent({ type: "invoice.paid" });
  const attempt = sampleAttempt({ at: Date.now() });
  const { url, headers, payload } = rendered(standard.request(endpoint, [event], attempt));
  return { secret, request: { url, headers, body: Buffer.from(payload).toString() } };
}

function findBinary(pattern: string): string | undefined {
  const [found] = globSync(`node_modules/${pattern}`, { cwd: folder });
  return found === undefined ? undefined : join(folder, found);
}

async function runMain(binary: string | undefined, args: readonly string[], given: Given) {
  if (binary === undefined) {
    return undefined;
  }
  const options = { cwd: folder, timeout: RUN_MS_MAX };
  const env = { ...process.env, DENO_DIR: join(folder, "deno"), GIVEN: JSON.stringify(given) };
  const { stdout } = await run(binary, [...args, "main.mjs"], { ...options, env });
  const version = (await run(binary, ["--version"], options)).stdout.split("\n")[0] ?? "";
  return { version, said: JSON.parse(stdout) };
}

/** As one file, which is how programs come to a Worker and to a page. */
async function bundle(): Promise<string> {
  const lib = { entry: join(folder, "program.mjs"), formats: ["es" as const], fileName: "bundle" };
  const outDir = join(folder, "bundled");
  await build({ root: folder, configFile: false, logLevel: "error", build: { lib, outDir } });
  const [file = ""] = globSync("*.{js,mjs}", { cwd: outDir });
  return readFileSync(join(outDir, file), "utf8");
}

async function runInWorker(given: Given) {
  const binary = findBinary("@cloudflare/workerd-*/bin/workerd");
  if (binary === undefined) {
    return undefined;
  }
  writeFileSync(join(folder, "bundle.js"), await bundle());
  const worker = `import { program } from "bundle";
export default {
  async test(_, env) {
    console.log("said " + JSON.stringify(await program(env.given)));
  },
};
`;
  writeFileSync(join(folder, "worker.js"), worker);
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["private"])),
  ],
);
const worker :Workerd.Worker = (
  modules = [
    (name = "worker", esModule = embed "worker.js"),
    (name = "bundle", esModule = embed "bundle.js"),
  ],
  bindings = [(name = "given", json = ${JSON.stringify(JSON.stringify(given))})],
  compatibilityDate = "2025-01-01",
);
`;
  writeFileSync(join(folder, "config.capnp"), config);
  const options = { cwd: folder, timeout: RUN_MS_MAX };
  const { stdout, stderr } = await run(binary, ["test", "config.capnp"], options);
  const said = /^said (.+)$/m.exec(stdout + stderr)?.[1];
  assert.ok(said, `it says something, not ${stdout}${stderr}`);
  return { version: (await run(binary, ["--version"], options)).stdout.trim(), said: JSON.parse(said) };
}

/** On a page of the server's own origin: its API lets pages of others ask nothing. */
async function runInBrowser(given: Given) {
  const browser = await startChromium();
  if (browser === undefined) {
    return undefined;
  }
  try {
    const { page, faults } = await openPage(browser);
    const code = await bundle();
    const { url } = given;
    const html = "<!doctype html><title>A customer's page</title>";
    await page.route(`${url}/customer.html`, (route) =>
      route.fulfill({ contentType: "text/html", body: html }),
    );
    await page.route(`${url}/bundle.js`, (route) =>
      route.fulfill({ contentType: "text/javascript", body: code }),
    );
    await page.goto(`${url}/customer.html`);
    const call = `import("/bundle.js").then(({ program }) => program(${JSON.stringify(given)}))`;
    const said = await page.evaluate<unknown>(call);
    assert.deepEqual(faults, []);
    return { version: browser.version(), said };
  } finally {
    await browser.close();
  }
}
