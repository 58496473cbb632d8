/** A real file system that is nearly full: nothing is accepted, what was is delivered, and all goes on. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type EndpointShape, install, until } from "../e2e/installation.ts";
import { type Arrival, startReceiver } from "../e2e/receiver.ts";

const SIZE_MB = 128;
/** What is left then is less than a tenth. */
const LEFT_MB = 8;
const MB = 1024 * 1024;

/** Mounts a file system of its own; undefined where that is not allowed. */
function mountSmallDisk(t: TestContext): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-small-disk-"));
  const options = ["-t", "tmpfs", "-o", `size=${SIZE_MB}m`, "posthorn", folder];
  const isMounted = process.platform === "linux" && spawnSync("mount", options).status === 0;
  t.after(() => {
    if (isMounted) {
      spawnSync("umount", ["--lazy", folder]);
    }
    rmSync(folder, { recursive: true, force: true });
  });
  return isMounted ? folder : undefined;
}

function fill(folder: string): string {
  const { bavail, bsize } = statfsSync(folder);
  const ballast = join(folder, "ballast");
  writeFileSync(ballast, Buffer.alloc(bavail * bsize - LEFT_MB * MB));
  return ballast;
}

function idIn({ headers }: Arrival): unknown {
  return headers["webhook-id"];
}

test("a disk that is nearly full lets no event in, delivers on, and takes events again", async (t) => {
  const folder = mountSmallDisk(t);
  if (folder === undefined) {
    t.skip("a file system of its own may not be mounted here");
    return;
  }
  const env = { POSTHORN_DATABASE_URL: `sqlite:${join(folder, "posthorn.db")}` };
  const posthorn = await install({ env });
  t.after(() => posthorn.close());
  const receiver = await startReceiver();
  t.after(() => receiver.close());
  const tenant = await posthorn.tenant("standard");
  const { json } = await posthorn.call<EndpointShape>("POST", `${tenant}/endpoints`, { url: receiver.url });
  const endpoint = `${tenant}/endpoints/${json.id}`;
  await posthorn.call("POST", `${endpoint}/pause`);
  let accepted = 0;
  const post = async () => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${posthorn.adminKey}` };
    const body = JSON.stringify({ type: "a", data: "x".repeat(1000) });
    const response = await fetch(`${posthorn.url}${tenant}/events`, { method: "POST", headers, body });
    const { code }: { code?: string } = JSON.parse(await response.text());
    accepted += response.status === 202 ? 1 : 0;
    return [response.status, code, response.headers.get("retry-after")];
  };
  assert.deepEqual(await post(), [202, undefined, null]);

  const ballast = fill(folder);
  await until("events are refused", async () => (await post())[0] === 503);

  assert.deepEqual(await post(), [503, "disk_nearly_full", "30"]);
  await posthorn.call("POST", `${endpoint}/resume`);
  await until("what was accepted is delivered", () => receiver.arrivals.length > 0);
  const headers = { authorization: `Bearer ${posthorn.adminKey}` };
  const metrics = await (await fetch(`${posthorn.url}/metrics`, { headers })).text();
  assert.match(metrics, /^posthorn_accepting 0$/m);
  assert.equal((await fetch(`${posthorn.url}/readyz`)).status, 200);

  rmSync(ballast);
  await until("events are accepted again", async () => (await post())[0] === 202);
  await until("and delivered", () => new Set(receiver.arrivals.map(idIn)).size === accepted);
});
