/** What screens say that a shell does: it does it, as it stands, in a real shell against a real server. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Locator } from "playwright-core";
import { openPage, startChromium, writeInto } from "./chromium.ts";
import { firstStart, signInByKey } from "./first-start.ts";

const browser = await startChromium();
const skip = browser === undefined && "there is no Chromium, and none can be installed: install `chromium`";

const CLI = fileURLToPath(new URL("../../server/src/cli.ts", import.meta.url));

/** Runs a line as somebody pastes it, with their key in a variable; returns what it prints. */
async function shell(line: string, key: string): Promise<string> {
  const script = `posthorn() { "$NODE" "$CLI" "$@"; }\n${line}`;
  const env = { PATH: process.env["PATH"] ?? "", NODE: process.execPath, CLI, POSTHORN_KEY: key };
  return (await promisify(execFile)("sh", ["-c", script], { env, timeout: 60_000 })).stdout;
}

test("the commands that screens say do in a shell what the screens do", { skip }, async (t) => {
  assert.ok(browser);
  const server = await firstStart();
  t.after(async () => await Promise.all([browser.close(), server.stop()]));
  const { client, adminKey } = server;
  await client.createTenant({ id: "acme", name: "Acme" });
  const { id } = await client.createEndpoint("acme", { url: "https://receiver.example/hooks" });
  const { page, faults } = await openPage(browser);
  await signInByKey(page, server);
  const said = async (place: Locator, label: "curl command" | "posthorn command") => {
    const shown = place.getByLabel(label, { exact: true });
    if (!(await shown.isVisible())) {
      await place.getByText("The same with curl or posthorn").click();
    }
    return await shown.innerText();
  };

  await page.goto(`${server.url}/dashboard/t/acme/playground?type=order.created`);
  await page.getByLabel("Subject").fill("somebody's");
  await writeInto(page, "Data", `{"it's": ["$HOME", "\\"a", 4.5]}`);
  const printed = await shell(await said(page.locator("main form").first(), "posthorn command"), adminKey);
  const handedOver = await client.getEvent("acme", printed.trim());
  assert.deepEqual(
    [handedOver.type, handedOver.subject, handedOver.data],
    ["order.created", "somebody's", { "it's": ["$HOME", '"a', 4.5] }],
  );
  await writeInto(page, "Data", "9007199254740993");
  await page.locator("form").getByText("The same with curl", { exact: true }).waitFor();
  assert.equal(await page.getByLabel("posthorn command").count(), 0, "it would round what is sent");

  await page.goto(`${server.url}/dashboard/t/acme/events/${printed.trim()}`);
  const got = await shell(await said(page.locator("main"), "posthorn command"), adminKey);
  assert.match(got, /order\.created/);

  await page.goto(`${server.url}/dashboard/t/acme/endpoints/${id}`);
  await page.getByRole("button", { name: "Pause" }).click();
  await shell(await said(page.getByRole("dialog"), "posthorn command"), adminKey);
  assert.equal((await client.getEndpoint("acme", id)).state, "paused");
  await page.reload();
  await page.getByRole("button", { name: "Resume" }).click();
  await shell(await said(page.getByRole("dialog"), "curl command"), adminKey);
  assert.equal((await client.getEndpoint("acme", id)).state, "enabled");

  await page.goto(`${server.url}/dashboard/t/acme/keys`);
  await page.getByRole("button", { name: "New key" }).click();
  await page.getByLabel("Name").fill("Ada's laptop");
  const key = await shell(await said(page.getByRole("dialog"), "posthorn command"), adminKey);
  assert.match(key, /^posthorn_|^phk_/);
  const { data } = await client.listKeys("acme").page();
  assert.deepEqual(
    data.map(({ name }) => name),
    ["Ada's laptop"],
  );
  assert.deepEqual(faults, []);
});
