/** What becomes of what somebody writes when their session ends, in a real browser, on a clock of its own. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { assertAccessible, openPage, startChromium } from "./chromium.ts";
import { type FirstStart, firstStart, signInByKey } from "./first-start.ts";

const browser = await startChromium();
const skip = browser === undefined && "there is no Chromium, and none can be installed: install `chromium`";

const MINUTE_MS = 60_000;

let server: FirstStart;

before(async () => {
  if (browser !== undefined) {
    server = await firstStart();
    await server.client.createTenant({ id: "acme", name: "Acme" });
  }
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function advance(minutes: number): Promise<void> {
  let leftMs = minutes * MINUTE_MS;
  while (leftMs > 0) {
    leftMs -= (await server.client.advanceClock({ by_ms: leftMs })).advanced_ms;
  }
}

/** Asks the server for something, by which the page learns its time. */
async function create(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Create endpoint" }).click();
}

test("the portal tells of its end before it comes, and leaves what was written where it is", {
  skip,
}, async () => {
  assert.ok(browser);
  const { page, faults } = await openPage(browser);
  await page.goto((await server.client.createPortalSession("acme", { expires_in: 3600 })).url);
  await page.getByRole("link", { name: "New endpoint" }).click();
  await page.getByLabel("URL", { exact: true }).fill("https://10.0.0.5/hooks");
  await page.getByLabel("Description").fill("what took me an hour");
  assert.equal(await page.getByText("Your session ends soon.").count(), 0);
  await advance(57);
  await create(page);
  await page.getByText("Your session ends soon.").waitFor();
  await page.getByText(/It ends in 2 m \d+ s\./).waitFor();
  await advance(4);
  await create(page);
  await page.getByText("Your session is over.").waitFor();
  assert.equal(await page.getByLabel("Description").inputValue(), "what took me an hour");
  await assertAccessible(page, "a session that is over");
  await page.reload();
  await page.getByRole("heading", { name: "Open it anew" }).waitFor();
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("who signs in again goes on with what was written", { skip }, async () => {
  assert.ok(browser);
  const { page } = await openPage(browser);
  await signInByKey(page, server);
  await page.goto(`${server.url}/dashboard/t/acme/endpoints/new`);
  await page.getByLabel("URL", { exact: true }).fill("https://10.0.0.5/hooks");
  await advance(12 * 60 + 1);
  await create(page);
  await page.getByText("Your session is over.").waitFor();
  await page.getByRole("button", { name: "Sign in again" }).click();
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await dialog.getByLabel("API key").fill("a key that is none");
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await dialog.getByText("unauthorized").waitFor();
  await dialog.getByLabel("API key").fill(server.adminKey);
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Your session is over.").waitFor({ state: "detached" });
  assert.equal(await page.getByLabel("URL", { exact: true }).inputValue(), "https://10.0.0.5/hooks");
  await create(page);
  await page.getByText("is a private address", { exact: false }).first().waitFor();
  await page.context().close();
});

test("a session that somebody ended leaves nothing to be seen", { skip }, async () => {
  assert.ok(browser);
  const { page } = await openPage(browser);
  await page.goto((await server.client.createPortalSession("acme", { expires_in: 3600 })).url);
  await page.getByRole("link", { name: "New endpoint" }).click();
  await page.getByLabel("URL", { exact: true }).fill("https://10.0.0.5/hooks");
  await server.client.endPortalSessions("acme");
  await create(page);
  await page.getByRole("heading", { name: "Open it anew" }).waitFor();
  await page.context().close();
});
