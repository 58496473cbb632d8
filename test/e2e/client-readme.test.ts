import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { createClient } from "../../client/client.ts";
import { codeBlocksOf, placeOf, serveIn } from "./page.ts";

const run = promisify(execFile);

describe("the client's README", () => {
  it("has programs that do what it says, against a server", async (t) => {
    const place = placeOf(t);
    const { url, key, env } = await serveIn(place);
    await createClient({ url, key }).createTenant({ id: "acme", name: "Acme" });

    const said: Record<string, string> = {};
    const programs = codeBlocksOf("client/README.md").filter(({ language }) => language === "js");
    for (const { name, code } of programs) {
      writeFileSync(join(place.folder, name), code);
      const options = { cwd: place.folder, env: { ...process.env, ...env } };
      said[name] = (await run(process.execPath, [name], options)).stdout;
    }

    assert.match(said["send.mjs"] ?? "", /^evt_\w+\n$/);
    assert.match(said["endpoint.mjs"] ?? "", /^ep_\w+ true\n$/);
    assert.equal(said["list.mjs"], "invoice.paid customer 7\n1 true\n");
    assert.equal(said["watch.mjs"], "invoice.sent\n");
    assert.equal(said["wrong.mjs"], "invalid_request 422 /timeout_ms\n");
    assert.equal(Object.keys(said).length, 5);
  });
});
