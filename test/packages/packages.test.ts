import assert from "node:assert/strict";
import { cpSync, existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { hostNode, type PackedPackages, pack, ROOT, run } from "./packed.ts";

/** The program of a customer: a receiver on node:http, which sends itself one event and one forgery. */
const PROGRAM = `
import { once } from "node:events";
import { createServer } from "node:http";
import { memoryStore } from "@posthorn/receiver/deduplication";
import { expressHandler } from "@posthorn/receiver/express";
import { createStandardReceiver } from "@posthorn/receiver/standard";
import { sampleAttempt, sampleEndpoint, sampleEvent } from "@posthorn/contracts/samples";
import { standard } from "@posthorn/contracts/standard/send";

const secret = standard.makeSecret((count) => new Uint8Array(count).fill(7), {});
const taken = [];
const receiver = createStandardReceiver({
  secrets: [secret],
  dedupe: memoryStore(),
  onEvent: (event) => void taken.push(event.data),
});
const server = createServer(expressHandler(receiver)).listen(0, "127.0.0.1");
await once(server, "listening");
const endpoint = sampleEndpoint({ url: "http://127.0.0.1:" + server.address().port, secrets: [secret] });
const attempt = sampleAttempt({ at: Date.now() });
const { url, headers, payload } = standard.request(endpoint, [sampleEvent()], attempt);
const send = async (body) => (await fetch(url, { method: "POST", headers, body })).status;
const statuses = [await send(payload), await send(payload), await send("{}")];
server.close();
console.log(JSON.stringify({ statuses, taken, major: process.versions.node.split(".")[0] }));
`;

const CONSUMER = `
import { createClient } from "@posthorn/client";
import { PosthornError } from "@posthorn/client/posthorn-error";
export const codeOf = (error: unknown): string => (error instanceof PosthornError ? error.code : "");
export const sent: Promise<{ readonly id: string }> = createClient({ url: "", key: "" }).sendEvent("acme", {
  type: "invoice.paid",
  data: 1,
});
import { createBspkReceiver } from "@posthorn/receiver/bspk";
import { fetchHandler } from "@posthorn/receiver/fetch";
const receiver = createBspkReceiver({
  secrets: ["a secret"],
  onEvent(event) {
    switch (event.type) {
      case "file_import.finished":
        return event.data.error_rows_count === 0 ? "sent" : "invalid_data";
      case "shopper.updated":
        return event.data.first_name === "Ada" ? "sent" : "skipped";
    }
  },
});
export const POST: (request: Request) => Promise<Response> = fetchHandler(receiver);
`;

describe("the packages that programs import", { concurrency: 1 }, () => {
  let packed: PackedPackages;
  let folder: string;
  let node: string;

  before(async () => {
    node = await hostNode();
    packed = await pack();
    folder = packed.folder;
    const imported = packed.tarballs.filter((path) => /-(client|contracts|receiver)-[\d.]+\.tgz$/.test(path));
    assert.equal(imported.length, 3);
    await packed.install(imported, "--offline");
  });
  after(() => packed.remove());

  const installed = (name: string) => join(folder, "node_modules/@posthorn", name);

  test("are installed from their tarballs, alone, and hold JavaScript with its declarations", () => {
    assert.deepEqual(globSync("node_modules/*", { cwd: folder }), ["node_modules/@posthorn"]);
    for (const name of ["client", "contracts", "receiver"]) {
      const files = globSync("**/*.{ts,js}", { cwd: installed(name) });
      assert.ok(files.length >= 10);
      assert.deepEqual(
        files.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts")),
        [],
      );
      assert.deepEqual(
        files.filter((file) => file.includes(".test.")),
        [],
      );
      for (const file of ["README.md", "LICENSE"]) {
        assert.ok(existsSync(join(installed(name), file)), file);
      }
      const manifest = JSON.parse(readFileSync(join(installed(name), "package.json"), "utf8"));
      assert.deepEqual([manifest.private, manifest.engines.node], [undefined, ">=20"]);
    }
  });

  test("a receiver takes an event once and refuses a forgery, on the host's Node", async () => {
    writeFileSync(join(folder, "program.mjs"), PROGRAM);
    const { stdout } = await run(node, ["program.mjs"], { cwd: folder });
    const { statuses, taken, major } = JSON.parse(stdout);
    assert.deepEqual(statuses, [204, 204, 401]);
    assert.deepEqual(taken, [{ id: 7 }]);
    assert.ok(Number(major) >= 20);
  });

  test("every module is there under its published name, and loads on the host's Node", async () => {
    const exported = (name: string) =>
      Object.keys(JSON.parse(readFileSync(join(installed(name), "package.json"), "utf8")).exports).map(
        (path) => `@posthorn/${name}${path.slice(".".length)}`,
      );
    const contracts = globSync("**/*.js", { cwd: installed("contracts") });
    const names = [
      "@posthorn/contracts",
      ...contracts.map((file) => `@posthorn/contracts/${file.replace(/\.js$/, "")}`),
      ...exported("receiver"),
      ...exported("client"),
    ];
    writeFileSync(join(folder, "all.mjs"), names.map((name) => `import ${JSON.stringify(name)};`).join("\n"));
    await run(node, ["all.mjs"], { cwd: folder });
  });

  test("nothing in declarations is of the type any, and editors find an example at each method", () => {
    for (const name of ["client", "contracts", "receiver"]) {
      for (const file of globSync("**/*.d.ts", { cwd: installed(name) })) {
        const declared = readFileSync(join(installed(name), file), "utf8").replaceAll(/\/\*[^]*?\*\//g, "");
        assert.doesNotMatch(declared, /(?<!["'])\bany\b(?!["'])/, `${name}/${file}`);
      }
    }
    const operations = readFileSync(join(installed("client"), "operations.d.ts"), "utf8");
    const [, methods = ""] = /export interface Operations \{([^]*?)\n\}/.exec(operations) ?? [];
    const names = [...methods.matchAll(/^ {4}(\w+)\(/gm)];
    assert.ok(names.length > 70);
    assert.equal(methods.match(/\* @example\n/g)?.length, names.length);
  });

  test("the client's examples compile with nothing but the tarball and the types of Node", async () => {
    cpSync(join(ROOT, "examples/client"), join(folder, "examples"), { recursive: true });
    const options = {
      ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noEmit: true },
      ...{ module: "nodenext", target: "es2022", allowImportingTsExtensions: true, skipLibCheck: false },
      ...{ types: ["node"], typeRoots: [join(ROOT, "node_modules/@types")] },
    };
    const config = { compilerOptions: options, include: ["."] };
    writeFileSync(join(folder, "examples/tsconfig.json"), JSON.stringify(config));
    const args = [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", "examples"];
    const { stdout: said, code = 0 } = await run(process.execPath, args, { cwd: folder }).catch(
      (error) => error,
    );
    assert.equal(code, 0, said);
  });

  test("a program in TypeScript compiles, and switch (event.type) narrows its data", async () => {
    const compile = async (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      const strict = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022"];
      const args = [join(ROOT, "node_modules/typescript/bin/tsc"), ...strict, "--types", "", name];
      return await run(process.execPath, args, { cwd: folder }).catch((error) => error);
    };
    const { stdout: said, code = 0 } = await compile("consumer.ts", CONSUMER);
    assert.equal(code, 0, said);
    const wrong = CONSUMER.replace("error_rows_count", "first_name");
    assert.match((await compile("wrong.ts", wrong)).stdout, /Property 'first_name' does not exist/);
  });
});
