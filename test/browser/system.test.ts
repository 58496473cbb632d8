/** What the installation runs on, in a real browser, against a real server. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, openPage, startChromium } from "./chromium.ts";
import { firstStart, signInByKey } from "./first-start.ts";

const browser = await startChromium();
const skip = browser === undefined && "there is no Chromium, and none can be installed: install `chromium`";

test("an administrator sees node, shards, database and settings, and nobody else", { skip }, async (t) => {
  assert.ok(browser);
  const server = await firstStart({ POSTHORN_EGRESS_PROXY: "http://me:canary@127.0.0.1:9" });
  t.after(async () => await Promise.all([browser.close(), server.stop()]));
  const { client, url } = server;
  await client.createTenant({ id: "acme", name: "Acme" });
  const { key } = await client.createKey("acme", { name: "ada", role: "admin" });
  const { page, faults } = await openPage(browser);
  await signInByKey(page, server);

  await page.getByRole("link", { name: "System" }).click();
  await page.getByText("answers you").waitFor();
  await page.getByText("SQLite 3.", { exact: false }).waitFor();
  const proxy = page.getByRole("row", { name: "POSTHORN_EGRESS_PROXY" });
  await proxy.getByText("environment").waitFor();
  assert.equal((await page.content()).includes("canary"), false);
  await page.getByRole("row", { name: "POSTHORN_HOST" }).getByText("default").waitFor();
  await assertAccessible(page, "system");
  await page.setViewportSize({ width: 360, height: 740 });
  const width = await page.evaluate<number>("document.documentElement.scrollWidth");
  assert.ok(width <= 360, `system is ${width} wide`);

  const ada = await openPage(browser);
  await ada.page.goto(`${url}/dashboard/`);
  await ada.page.getByLabel("API key").fill(key);
  await ada.page.getByRole("button", { name: "Sign in" }).click();
  await ada.page.getByRole("heading", { name: "Overview" }).waitFor();
  assert.equal(await ada.page.getByRole("link", { name: "System" }).count(), 0);
  await ada.page.goto(`${url}/dashboard/system`);
  await ada.page.getByRole("alert").getByText("admin key", { exact: false }).waitFor();
  assert.deepEqual([...faults, ...ada.faults], []);
});
