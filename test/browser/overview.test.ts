/** The figures and charts of an overview, in a real browser, against a real server. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import type { Client } from "../../client/client.ts";
import { startReceiver } from "../e2e/receiver.ts";
import { assertAccessible, openPage, startChromium } from "./chromium.ts";
import { firstStart, signInByKey } from "./first-start.ts";

const browser = await startChromium();
const skip = browser === undefined && "there is no Chromium, and none can be installed: install `chromium`";

const SENT = 4;

/** A tenant with an endpoint that takes all and one that refuses: of each event one delivery is made. */
async function send(client: Client, receiverUrl: string): Promise<void> {
  await client.createTenant({ id: "acme", name: "Acme" });
  await client.createEndpoint("acme", { url: `${receiverUrl}/fine` });
  await client.createEndpoint("acme", { url: `${receiverUrl}/broken`, retry: { delays_ms: [] } });
  for (let count = 0; count < SENT; count += 1) {
    await client.sendEvent("acme", { type: "invoice.paid", data: count });
  }
}

/** Whether a canvas has something drawn in it. */
const isDrawn = `[...document.querySelectorAll("[data-chart] canvas")].map((canvas) =>
  new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer)
    .some((pixel) => pixel !== 0))`;

/** Waits for the figures of what was sent, in words and as charts. */
async function waitForFigures(page: Page): Promise<void> {
  const tile = (name: string) =>
    page.locator("dl > div").filter({ has: page.getByText(name, { exact: true }) });
  await tile("At the first try").getByText("50 %").waitFor();
  await tile("In the end")
    .getByText(`${SENT} of ${2 * SENT} that ended`)
    .waitFor();
  await tile("p99").getByText("from accepted to delivered").waitFor();
  await tile("Oldest due").getByText("none").waitFor();
  await tile("Accepted")
    .getByText(/\/(s|min)$/)
    .waitFor();
  const traffic = page.getByRole("figure", { name: /^Events and deliveries by the/ });
  // Of all tenants, what the server tells of itself is among it.
  await traffic.getByText(new RegExp(`\\d accepted and ${SENT} delivered`)).waitFor();
  await traffic.getByText(`${SENT} rejected or dead.`, { exact: false }).waitFor();
  await page.locator("[data-chart] canvas").nth(1).waitFor();
  await page.waitForFunction(`(${isDrawn}).join() === "true,true"`);
}

test("an overview has figures, charts and a table of a range", { skip }, async (t) => {
  assert.ok(browser);
  const [server, receiver] = await Promise.all([firstStart(), startReceiver()]);
  t.after(async () => await Promise.all([browser.close(), server.stop(), receiver.close()]));
  const { client, url } = server;
  receiver.answer(({ path }) => ({ status: path === "/broken" ? 500 : 204 }));
  await client.createTenant({ id: "idle", name: "Idle" });
  await send(client, receiver.url);
  const { page, faults } = await openPage(browser);
  await signInByKey(page, server);

  await page.goto(`${url}/dashboard/t/idle/overview`);
  await page.getByText("Nothing happened in the last hour.").waitFor();
  await page.getByText("There are no endpoints yet.").waitFor();
  assert.equal(await page.locator("[data-chart]").count(), 0);

  await page.goto(`${url}/dashboard/t/acme/overview`);
  await waitForFigures(page);
  const chosen = page.locator("[aria-label='How far back'] [aria-current]");
  assert.deepEqual(await chosen.allTextContents(), ["1h"]);
  await page.getByText("Every minute as a table").click();
  await page.getByRole("columnheader", { name: "Rejected or dead" }).waitFor();
  await assertAccessible(page, "overview");

  await page.getByRole("link", { name: "24h" }).click();
  await page.getByRole("heading", { name: "In the last 24 hours" }).waitFor();
  assert.deepEqual(await chosen.allTextContents(), ["24h"]);
  assert.equal(new URL(page.url()).searchParams.get("range"), "24h");
  await page.reload();
  await waitForFigures(page);
  await page.getByRole("figure", { name: "Events and deliveries by the hour" }).waitFor();
  await page.getByRole("link", { name: "30d" }).click();
  await page.getByRole("heading", { name: "In the last 30 days" }).waitFor();
  await waitForFigures(page);

  await page.emulateMedia({ colorScheme: "dark" });
  await page.getByRole("link", { name: "All traffic" }).click();
  await page.getByRole("heading", { name: "All traffic" }).waitFor();
  await waitForFigures(page);
  await page.getByRole("link", { name: `${receiver.url}/broken` }).waitFor();
  await assertAccessible(page, "all traffic");
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of ["traffic", "t/acme/overview"]) {
    await page.goto(`${url}/dashboard/${path}`);
    await waitForFigures(page);
    const width = await page.evaluate<number>("document.documentElement.scrollWidth");
    assert.ok(width <= 390, `${path} is ${width} wide`);
  }
  assert.deepEqual(faults, []);
});
