/** An event that many endpoints were owed, on its page, in a real browser. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { until } from "../e2e/installation.ts";
import { type Receiver, startReceiver } from "../e2e/receiver.ts";
import { assertAccessible, openPage, startChromium } from "./chromium.ts";
import { type FirstStart, firstStart, signInByKey } from "./first-start.ts";

const browser = await startChromium();
const skip = browser === undefined && "there is no Chromium, and none can be installed: install `chromium`";

interface All {
  readonly server: FirstStart;
  readonly receiver: Receiver;
}

let all: All;

before(async () => {
  if (browser !== undefined) {
    all = { server: await firstStart(), receiver: await startReceiver() };
  }
});
after(async () => {
  await browser?.close();
  await all?.server.stop();
  await all?.receiver.close();
});

const ENDPOINTS = 40;

/** An event that every endpoint refuses as often as it is tried, but the newest, which takes it. */
async function refused(tenant: string, endpoints: number) {
  const { server, receiver } = all;
  const { client } = server;
  receiver.answer(({ path }) => ({ status: path === "/newest" ? 200 : 500 }));
  await client.createTenant({ id: tenant, name: tenant });
  for (let at = 0; at < endpoints; at += 1) {
    const path = at === endpoints - 1 ? "newest" : `${tenant}-${at}`;
    await client.createEndpoint(tenant, { url: `${receiver.url}/${path}`, retry: { delays_ms: [1, 1] } });
  }
  const { id } = await client.sendEvent(tenant, { type: "order.created", data: {} });
  await until("all but one are dead", async () => {
    const { summary } = await client.getEvent(tenant, id);
    return summary.dead === endpoints - 1 && summary.delivered === 1;
  });
  return id;
}

async function focusedText(page: Page): Promise<string> {
  return await page.evaluate<string>("document.activeElement?.textContent ?? ''");
}

test("a dead letter leads to its own card of its event, with every attempt, and `r` replays that one", {
  skip,
}, async () => {
  assert.ok(browser);
  const { server, receiver } = all;
  await refused("crowd", ENDPOINTS);
  const { page, faults } = await openPage(browser);
  await signInByKey(page, server);
  const oldest = `${receiver.url}/crowd-0`;
  await page.goto(`${server.url}/dashboard/t/crowd/dead-letters`);
  await page.getByRole("row").filter({ hasText: oldest }).waitFor();
  // The newest endpoint stands first.
  for (let row = 0; row < ENDPOINTS - 1; row += 1) {
    await page.keyboard.press("j");
  }
  await page.keyboard.press("Enter");
  const card = page
    .getByRole("listitem")
    .filter({ has: page.getByRole("link", { name: oldest, exact: true }) });
  // A hundred attempts are of the others.
  await card.getByText("attempt 3 ✗ 500").first().waitFor();
  await card.getByText("attempt 1 ✗ 500").first().waitFor();
  await card.getByText("It was the last attempt", { exact: false }).first().waitFor();
  await until("one is at the card", async () => (await focusedText(page)) === oldest);
  await page.keyboard.press("r");
  const dialog = page.getByRole("dialog", { name: "Replay", exact: true });
  await dialog.getByText(oldest).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "delivered 1" }).click();
  await page.getByRole("link", { name: /newest$/ }).waitFor();
  assert.equal(await page.getByRole("link", { name: oldest, exact: true }).count(), 0);
  assert.match(page.url(), /\?state=delivered$/);
  await page.goBack();
  await card.waitFor();
  await assertAccessible(page, "an event that many were owed");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("`r` asks of none where several could be meant, and goes to the first", { skip }, async () => {
  assert.ok(browser);
  const { server, receiver } = all;
  const event = await refused("pair", 2);
  const { page } = await openPage(browser);
  await signInByKey(page, server);
  await page.goto(`${server.url}/dashboard/t/pair/events/${event}`);
  await page.getByRole("button", { name: "Replay" }).nth(1).waitFor();
  await page.keyboard.press("r");
  assert.equal(await page.getByRole("dialog").count(), 0);
  assert.equal(await focusedText(page), `${receiver.url}/newest`);
  await page.keyboard.press("r");
  await page.getByRole("dialog").getByText(`${receiver.url}/newest`).waitFor();
  await page.context().close();
});

test("what was read of an event stays while the server does not answer", { skip }, async () => {
  assert.ok(browser);
  const { server, receiver } = all;
  const event = await refused("cut-off", 2);
  const { page } = await openPage(browser);
  await signInByKey(page, server);
  await page.goto(`${server.url}/dashboard/t/cut-off/events/${event}`);
  await page.getByText("attempt 3 ✗ 500").first().waitFor();
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Replay" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Replay" }).click();
  await page.getByRole("dialog").getByText("unreachable").waitFor();
  await page.getByRole("dialog").getByText("It may have been done all the same", { exact: false }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("alert").getByText("What stands here was read before", { exact: false }).waitFor();
  assert.equal(await page.getByRole("link", { name: `${receiver.url}/cut-off-0` }).count(), 1);
  await page.context().close();
});
