import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type EndpointShape, install, until } from "./installation.ts";
import { startReceiver } from "./receiver.ts";

const CLI = fileURLToPath(new URL("../../server/src/cli.ts", import.meta.url));

const KEYS = {
  POSTHORN_ADMIN_KEY: "an admin key of thirty-two bytes",
  POSTHORN_MASTER_KEY: Buffer.alloc(32, "restored").toString("base64"),
};

test("resume says what a restored database waits with, and lets it be sent", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-resume-"));
  // Copies are of a file, whatever else the journeys go over.
  const databaseAt = (name: string) => ({ POSTHORN_DATABASE_URL: `sqlite:${join(folder, name)}` });
  const posthorn = await install({ env: { ...databaseAt("lost.db"), ...KEYS } });
  const receiver = await startReceiver();
  t.after(async () => {
    await receiver.close();
    await posthorn.close();
    rmSync(folder, { recursive: true });
  });
  const command = async (...words: readonly string[]) => {
    const env = { ...process.env, ...databaseAt("lost.db"), ...KEYS };
    return (await promisify(execFile)(process.execPath, [CLI, ...words], { env })).stdout;
  };
  const resume = (...words: readonly string[]) => command("resume", "--url", posthorn.url, ...words);
  const tenant = await posthorn.tenant("standard");
  const asked = { url: `${receiver.url}/hooks` };
  const { json } = await posthorn.call<EndpointShape>("POST", `${tenant}/endpoints`, asked);
  await posthorn.call("POST", `${tenant}/endpoints/${json.id}/pause`);
  await posthorn.call("POST", `${tenant}/events`, { type: "order.paid", data: {} });
  assert.match(await resume(), /^running, as it was: \d+ endpoints are owed at least \d+ deliv/);

  await command("backup", join(folder, "restored.db"));
  await posthorn.restart({ env: { ...databaseAt("restored.db"), ...KEYS } });
  await posthorn.call("POST", `${tenant}/endpoints/${json.id}/resume`);

  assert.match(await resume("--dry-run"), /^paused, restored from a backup of 20.*: 1 endpoint/);
  assert.equal(JSON.parse(await resume("--dry-run", "--json")).state, "paused");
  assert.equal(receiver.arrivals.length, 0);
  assert.match(await resume(), /^running again, restored from a backup of 20.*: 1 endpoint/);
  await until("what waited is sent", () => receiver.arrivals.length === 1);
  assert.equal(JSON.parse(await resume("--json")).state, "running");
});
