import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createClient } from "../../client/client.ts";
import { configOf } from "../../server/src/cli/serve.ts";
import { startServer } from "../../server/src/main.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const readme = readFileSync(new URL("../../client/README.md", import.meta.url), "utf8");

/** The programs, by the file that their first line names, in their order. */
const programs = [...readme.matchAll(/^```js\n\/\/ (\S+)\n([\s\S]*?)^```/gm)].map(
  ([, file = "", code = ""]) => ({ file, code }),
);

describe("the client's README", () => {
  it("has programs that do what it says, against a server", async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "posthorn-client-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
    const config = configOf({
      POSTHORN_DATABASE_URL: `sqlite:${join(folder, "client.db")}`,
      POSTHORN_LOG_LEVEL: "error",
    });
    const server = await startServer({ config: { ...config, port: 0 }, isDevelopment: true });
    t.after(() => server.stop());
    const key = server.adminKey ?? "";
    await createClient({ url: server.url, key }).createTenant({ id: "acme", name: "Acme" });

    const said: Record<string, string> = {};
    for (const { file, code } of programs) {
      writeFileSync(join(folder, file), code);
      const env = { ...process.env, POSTHORN_URL: server.url, POSTHORN_KEY: key };
      said[file] = (await run(process.execPath, [file], { cwd: folder, env })).stdout;
    }

    assert.match(said["send.mjs"] ?? "", /^evt_\w+\n$/);
    assert.match(said["endpoint.mjs"] ?? "", /^ep_\w+ true\n$/);
    assert.equal(said["list.mjs"], "invoice.paid customer 7\n1 true\n");
    assert.equal(said["watch.mjs"], "invoice.sent\n");
    assert.equal(said["wrong.mjs"], "invalid_request 422 /timeout_ms\n");
    assert.equal(Object.keys(said).length, 5);
  });
});
