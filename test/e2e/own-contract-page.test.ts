import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { freePort } from "../../bench/free-port.ts";
import { createClient } from "../../client/client.ts";
import { CONTRACTS } from "../../server/src/built-in-contracts.ts";
import { loadConfigFile } from "../../server/src/cli/config-file.ts";
import { install, until } from "./installation.ts";
import { PAGE_TEST, placeOf, readPage } from "./page.ts";

const PAGE = "docs/guides/your-own-contract.md";
const ROOT = join(import.meta.dirname, "../..");
const text = readFileSync(join(ROOT, PAGE), "utf8");
const contractFile = readFileSync(join(ROOT, "examples/your-own-contract/posthorn.config.ts"), "utf8");

describe(PAGE, () => {
  it("moves a customer over, who takes the same as before from Posthorn", PAGE_TEST, async (t) => {
    const [port, customerPort] = [await freePort(), await freePort()];
    const url = `http://127.0.0.1:${port}`;
    const place = placeOf(t);
    const reader = readPage(place, {
      path: PAGE,
      env: { POSTHORN_PORT: String(port), POSTHORN_LOG_LEVEL: "error" },
      standIns: { "http://127.0.0.1:8080": url, "3008": String(customerPort) },
    });
    const [, key] = await reader.type(/posthorn\.config\.ts: acme$[\s\S]*^Admin key {2}(\S+)$/m);
    reader.learn("phk_…", key);
    await reader.type(/^listening$/m);
    const [said] = await reader.type(/^[\s\S]* delivered +1 +ep_/);
    assert.match(said, /^globex has ep_\w+$/m);
    const fromAcme = 'customer: from Acme parcel.lost {"weight":1}';
    assert.deepEqual(said.match(/^customer: .*$/gm), [fromAcme, fromAcme]);
    assert.match(said, /^answered \{"ok":true\}$/m);
    assert.equal(reader.left(), 0);

    // A program that moves customers is run again after it broke off.
    const env = { ...process.env, POSTHORN_URL: url, POSTHORN_KEY: key, ACME_SECRET: "another" };
    const again = await promisify(execFile)(process.execPath, ["move-customers.mjs"], {
      cwd: place.folder,
      env,
    });
    assert.match(said, new RegExp(`^${again.stdout.trim()}$`, "m"), "the same endpoint");
    const made = await Array.fromAsync(createClient({ url, key }).listEndpoints("globex"));
    assert.equal(made.length, 1);
  });

  it("shows the form of the request that its function makes", () => {
    const [, request = ""] = /^```http\n([\s\S]*?)^```/m.exec(text) ?? assert.fail("it is shown");
    const [head = "", body = ""] = request.split("\n\n");
    assert.match(
      head,
      /^POST \/hooks HTTP\/1\.1\ncontent-type: application\/json\nx-acme-signature: at=\d+; by=/,
    );
    assert.deepEqual(Object.keys(JSON.parse(body)), ["id", "what", "details"]);
  });

  it("shows what a start says of a mistake", PAGE_TEST, async (t) => {
    const { folder } = placeOf(t);
    const file = join(folder, "posthorn.config.ts");
    writeFileSync(file, contractFile.replace("  verdict(answer) {", "  judge(answer) {"));
    const cli = join(ROOT, "server/src/cli.ts");
    const said = await new Promise<string>((resolve) => {
      execFile(process.execPath, [cli, "start"], { cwd: folder }, (_error, _stdout, stderr) =>
        resolve(stderr),
      );
    });
    const [, shown = ""] = /^```\n(posthorn: [\s\S]*?)^```/m.exec(text) ?? assert.fail("it is shown");
    assert.equal(said, shown.replace("/srv/acme/posthorn.config.ts", file));
  });

  it("shows the lane of a contract that fails", PAGE_TEST, async (t) => {
    const { folder } = placeOf(t);
    const file = join(folder, "posthorn.config.ts");
    writeFileSync(file, contractFile.replace("if (answer.kind", "throw new Error();\n    if (answer.kind"));
    const loaded = await loadConfigFile({ folder, option: file, variable: undefined }, CONTRACTS);
    const posthorn = await install({ contracts: loaded?.contracts ?? [] });
    t.after(() => posthorn.close());
    const client = createClient({ url: posthorn.url, key: posthorn.adminKey });
    await client.createTenant({ id: "acme", name: "Acme", contract: "acme" });
    const url = `http://127.0.0.1:${await freePort()}/hooks`;
    const { id } = await client.createEndpoint("acme", { url, max_in_flight: 1 });
    await client.sendEvents(
      "acme",
      Array.from({ length: 3 }, () => ({ type: "parcel.lost", data: 1 })),
    );
    const [, shown = ""] = /^```json\n(\{ "lane": .*)\n```/m.exec(text) ?? assert.fail("it is shown");
    const lane = Object.entries(JSON.parse(shown).lane);
    await until("it is as the page shows it", async () => {
      const seen = new Map(Object.entries((await client.getEndpoint("acme", id)).lane));
      return lane.every(([member, value]) => seen.get(member) === value);
    });
  });
});
