/** What a person of a role is offered, in a real browser, against a real server. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startReceiver } from "../e2e/receiver.ts";
import { assertAccessible, openPage, startChromium } from "./chromium.ts";
import { firstStart, signInByKey } from "./first-start.ts";

const browser = await startChromium();
const skip = browser === undefined && "there is no Chromium, and none can be installed: install `chromium`";

test("a key of a role is made, shown once, signs in to what it may, and is revoked", { skip }, async (t) => {
  assert.ok(browser);
  const [server, receiver] = await Promise.all([firstStart(), startReceiver()]);
  t.after(async () => await Promise.all([browser.close(), server.stop(), receiver.close()]));
  const { client, url } = server;
  await client.createTenant({ id: "acme", name: "Acme" });
  const { id: endpoint } = await client.createEndpoint("acme", { url: `${receiver.url}/hooks` });
  const { id } = await client.sendEvent("acme", { type: "order.created", data: { canary: "payload" } });
  const admin = await openPage(browser, { viewport: { width: 360, height: 740 } });
  await signInByKey(admin.page, server);
  await admin.page.goto(`${url}/dashboard/t/acme/keys`);
  await admin.page.getByText("No keys yet.").waitFor();
  await admin.page.getByRole("button", { name: "New key" }).click();
  await admin.page.getByLabel("Name").fill(`Ada <img src=x onerror="alert('canary')">`);
  await admin.page.getByLabel("Role").selectOption("viewer");
  await admin.page.getByRole("button", { name: "Create key" }).click();
  const key = await admin.page.getByText(/^phk_/).innerText();
  await admin.page.getByRole("button", { name: "Close" }).click();
  await admin.page.getByText("deliveries:read, endpoints:read").waitFor();
  assert.equal((await admin.page.content()).includes(key), false);
  await assertAccessible(admin.page, "keys");
  const width = await admin.page.evaluate<number>("document.documentElement.scrollWidth");
  assert.ok(width <= 360, `keys is ${width} wide`);

  const { page, faults } = await openPage(browser);
  await page.goto(`${url}/dashboard/`);
  await page.getByLabel("API key").fill(key);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await page.goto(`${url}/dashboard/t/acme/events/${id}`);
  await page.getByText("attempt 1 ✓ 200").first().waitFor();
  await page.getByText("Who is signed in may not see what it says.").waitFor();
  assert.equal((await page.content()).includes('payload"'), false);
  await page.goto(`${url}/dashboard/t/acme/endpoints/${endpoint}`);
  await page.getByRole("heading", { name: "Latest deliveries" }).waitFor();
  for (const name of ["Pause", "Send a test", "Rotate the secret", "Save", "Disable", "Delete", "Replay"]) {
    assert.equal(await page.getByRole("button", { name, exact: true }).count(), 0, name);
  }
  for (const name of ["Keys", "Playground", "Tenants"]) {
    assert.equal(await page.getByRole("link", { name, exact: true }).count(), 0, name);
  }

  await admin.page.getByRole("button", { name: "Revoke" }).click();
  await admin.page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await admin.page.getByText("No keys yet.").waitFor();
  await page.goto(`${url}/dashboard/`);
  await page.getByRole("heading", { name: "Sign in to Posthorn" }).waitFor();
  assert.deepEqual([...faults, ...admin.faults], []);
});
