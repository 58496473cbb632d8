/** What is long, or written from right to left, keeps its place, in a real browser. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Locator } from "playwright-core";
import { startReceiver } from "../e2e/receiver.ts";
import { openPage, startChromium } from "./chromium.ts";
import { firstStart, signInByKey } from "./first-start.ts";

const browser = await startChromium();
const skip = browser === undefined && "there is no Chromium, and none can be installed: install `chromium`";

after(async () => await browser?.close());

/** Boxes whose contents are wider than they, and texts that run into what stands beside them. */
const TOO_WIDE = `[...document.querySelectorAll(".panel, td")].filter((box) => {
  return box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).textOverflow !== "ellipsis";
}).map((box) => box.outerHTML.slice(0, 120))`;

const LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitaensmuetzenabzeichen".repeat(4);

async function placeOf(locator: Locator) {
  const box = await locator.first().boundingBox();
  assert.ok(box);
  return box;
}

test("long types, subjects, URLs and descriptions push nothing away", { skip }, async (t) => {
  assert.ok(browser);
  const [server, receiver] = await Promise.all([firstStart(), startReceiver()]);
  t.after(async () => await Promise.all([server.stop(), receiver.close()]));
  const { client, url } = server;
  await client.createTenant({ id: "acme", name: "Acme" });
  const path = `${receiver.url}/${"long-".repeat(60)}`;
  await client.createEndpoint("acme", { url: path, description: LONG_WORD });
  const sent = { type: "x".repeat(128), subject: "s".repeat(200), data: { מפתח: "ערך" } };
  const { id } = await client.sendEvent("acme", sent);
  const { page, faults } = await openPage(browser);
  await signInByKey(page, server);
  for (const [screen, shown] of [
    ["overview", "What happens now"],
    ["endpoints", "Nothing waits."],
    ["events", "Size"],
    ["deliveries", "delivered"],
    [`events/${id}`, "attempt 1 ✓ 200"],
  ] as const) {
    await page.goto(`${url}/dashboard/t/acme/${screen}`);
    await page.locator("main").getByText(shown).first().waitFor();
    assert.deepEqual(await page.evaluate<string[]>(TOO_WIDE), [], screen);
  }
  const card = page.getByRole("listitem").filter({ hasText: "attempt 1" });
  const badge = await placeOf(card.locator(".badge"));
  const replay = await placeOf(card.getByRole("button", { name: "Replay" }));
  assert.ok(Math.abs(badge.y + badge.height / 2 - replay.y - replay.height / 2) < 4, "they share a line");
  // A name stands before its value, in whatever script.
  const name = await placeOf(page.locator("[role=treeitem] > *", { hasText: "מפתח" }));
  const value = await placeOf(page.locator("[role=treeitem] > *", { hasText: "ערך" }));
  assert.ok(name.x + name.width <= value.x);
  assert.deepEqual(faults, []);
});
