/** A server that `npx posthorn start` runs, when that npx is ended. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { freePort } from "../../bench/free-port.ts";
import { until } from "./installation.ts";
import { placeOf } from "./page.ts";

const CLI = fileURLToPath(new URL("../../server/src/cli.ts", import.meta.url));

const skip = process.platform !== "linux" && "only Linux tells whose child a process is";

/** Everything below a process: what would be left of it. */
function below(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return children
    .split(" ")
    .filter((child) => child !== "")
    .flatMap((child) => [Number(child), ...below(Number(child))]);
}

for (const signal of ["SIGTERM", "SIGKILL"] as const) {
  test(`npx posthorn start leaves no server behind after ${signal}`, { skip }, async (t) => {
    const { folder } = placeOf(t);
    const env = { ...process.env, POSTHORN_PORT: `${await freePort()}` };
    const line = `"${process.execPath}" "${CLI}" start --json`;
    const npx = spawn("npx", ["-c", line], { cwd: folder, env, stdio: "pipe" });
    let left: readonly number[] = [];
    after(() => left.filter(isThere).forEach((pid) => process.kill(pid, "SIGKILL")));
    let said = "";
    npx.stderr.on("data", (chunk) => (said += String(chunk)));
    const [serving] = await once(npx.stdout, "data");
    const { url } = JSON.parse(String(serving));
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
    left = below(npx.pid ?? assert.fail("it runs"));
    npx.kill(signal);
    await until("nothing is left of it", () => !left.some(isThere), 60_000);
    await assert.rejects(fetch(`${url}/healthz`));
    assert.match(said, /the npm that started this has ended\nSIGTERM: finishing what is in flight\n/);
  });
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
