/** The audit log, in a real browser, against a real server. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, openPage, startChromium } from "./chromium.ts";
import { firstStart, signInByKey } from "./first-start.ts";

const browser = await startChromium();
const skip = browser === undefined && "there is no Chromium, and none can be installed: install `chromium`";

test("who changed what is found by who and what, in an address that says so", { skip }, async (t) => {
  assert.ok(browser);
  const server = await firstStart();
  t.after(async () => await Promise.all([browser.close(), server.stop()]));
  const { client, url } = server;
  await client.createTenant({ id: "acme", name: "Acme" });
  const { key, id: keyId } = await client.createKey("acme", { name: "ada", role: "admin" });
  const viewer = await client.createKey("acme", { name: "bob", role: "viewer" });
  const { id: endpoint } = await client.createEndpoint("acme", { url: "https://example.com/hooks" });
  await client.pauseEndpoint("acme", endpoint);
  const admin = await openPage(browser);
  await signInByKey(admin.page, server);

  await admin.page.goto(`${url}/dashboard/t/acme/audit`);
  await admin.page.getByRole("button", { name: "pauseEndpoint" }).click();
  await admin.page.waitForURL(/audit\?action=pauseEndpoint$/);
  await admin.page.getByRole("button", { name: "createEndpoint" }).waitFor({ state: "detached" });
  assert.equal(await admin.page.getByRole("link", { name: endpoint }).count(), 1);
  await admin.page.reload();
  await admin.page.getByRole("button", { name: "pauseEndpoint" }).waitFor();
  assert.equal(await admin.page.getByRole("row").count(), 2);
  await admin.page.getByLabel("Search by action").fill("action:skip");
  await admin.page.getByRole("button", { name: "Search" }).click();
  await admin.page.getByText("Nothing of the kind was done.").waitFor();
  await admin.page.getByLabel("Search by action").fill("since:yesterday");
  await admin.page.getByRole("button", { name: "Search" }).click();
  await admin.page.getByRole("alert").getByText("?since", { exact: false }).first().waitFor();

  await admin.page.getByRole("link", { name: "All changes" }).click();
  await admin.page.getByRole("button", { name: "createTenant" }).first().waitFor();
  await assertAccessible(admin.page, "audit");
  await admin.page.setViewportSize({ width: 360, height: 740 });
  const width = await admin.page.evaluate<number>("document.documentElement.scrollWidth");
  assert.ok(width <= 360, `audit is ${width} wide`);

  const of = async (shown: string) => {
    const opened = await openPage(browser);
    await opened.page.goto(`${url}/dashboard/`);
    await opened.page.getByLabel("API key").fill(shown);
    await opened.page.getByRole("button", { name: "Sign in" }).click();
    await opened.page.getByRole("heading", { name: "Overview" }).waitFor();
    return opened;
  };
  const ada = await of(key);
  await ada.page.getByRole("link", { name: "Audit", exact: true }).click();
  await ada.page.getByRole("button", { name: keyId }).first().click();
  await ada.page.waitForURL(`**/audit?by=${keyId}`);
  await ada.page.getByRole("button", { name: "createEndpoint" }).waitFor({ state: "detached" });
  await ada.page.getByRole("button", { name: "signIn" }).waitFor();
  assert.equal(await ada.page.getByRole("link", { name: "All changes" }).count(), 0);

  const bob = await of(viewer.key);
  assert.equal(await bob.page.getByRole("link", { name: "Audit", exact: true }).count(), 0);
  await bob.page.goto(`${url}/dashboard/t/acme/audit`);
  await bob.page.getByRole("alert").getByText("audit:read", { exact: false }).waitFor();
  assert.deepEqual([...admin.faults, ...ada.faults, ...bob.faults], []);
});
