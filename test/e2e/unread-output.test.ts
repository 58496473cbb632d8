/** What is printed for `head`, which reads a line and goes. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Installation, install } from "./installation.ts";

const CLI = fileURLToPath(new URL("../../server/src/cli.ts", import.meta.url));
const ADMIN_KEY = "an admin key of thirty-two bytes";

describe("a command whose output is closed", { concurrency: 1 }, () => {
  let posthorn: Installation;
  let tenant: string;

  before(async () => {
    posthorn = await install({ env: { POSTHORN_ADMIN_KEY: ADMIN_KEY } });
    tenant = (await posthorn.tenant("standard")).split("/").at(-1) ?? "";
  });
  after(() => posthorn.close());

  async function accept(): Promise<void> {
    await posthorn.call("POST", `/v1/tenants/${tenant}/events`, { type: "order.paid", data: { n: 1 } });
  }

  function start(...words: readonly string[]) {
    const ours = { POSTHORN_URL: posthorn.url, POSTHORN_KEY: ADMIN_KEY, POSTHORN_TENANT: tenant };
    const child = spawn(process.execPath, [CLI, ...words], { env: { ...process.env, ...ours } });
    let said = "";
    child.stderr.on("data", (text) => {
      said += String(text);
    });
    return { child, said: () => said };
  }

  for (const words of [
    ["tail", "--kinds", "event"],
    ["tail", "--kinds", "event", "--json"],
  ]) {
    test(`${words.join(" ")} ends quietly once nobody reads it`, async () => {
      const { child, said } = start(...words);
      const ended = once(child, "exit");
      // With --json the first line says that it watches, and without it standard error does.
      await once(words.includes("--json") ? child.stdout : child.stderr, "data");
      await accept();
      if (!words.includes("--json")) {
        await once(child.stdout, "data");
      }
      child.stdout.destroy();
      while (child.exitCode === null) {
        await accept();
        await Promise.race([ended, new Promise(setImmediate)]);
      }
      assert.deepEqual(await ended, [0, null]);
      assert.equal(said().replace("watching\n", ""), "");
    });
  }

  test("a list that nobody reads any more has not failed", async () => {
    const { child, said } = start("events", "list", "--json");
    child.stdout.destroy();
    assert.deepEqual(await once(child, "exit"), [0, null]);
    assert.equal(said(), "");
  });
});
