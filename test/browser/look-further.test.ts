/** Lists of which only the newest were looked at, in a real browser, against a real server. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../e2e/installation.ts";
import { startReceiver } from "../e2e/receiver.ts";
import { assertAccessible, openPage, startChromium } from "./chromium.ts";
import { firstStart, signInByKey } from "./first-start.ts";

const browser = await startChromium();
const skip = browser === undefined && "there is no Chromium, and none can be installed: install `chromium`";

// More than the screen looks through at once: four pages, of which each looks at 500 events.
const NEWER_EVENTS = 2100;

test("what is among no newest is not said to be nowhere, and is found by looking further", {
  skip,
}, async (t) => {
  assert.ok(browser);
  const [server, receiver] = await Promise.all([firstStart(), startReceiver()]);
  t.after(async () => await Promise.all([browser.close(), server.stop(), receiver.close()]));
  receiver.answer(() => ({ status: 500 }));
  const { client } = server;
  await client.createTenant({ id: "acme", name: "Acme" });
  await client.createEndpoint("acme", {
    url: `${receiver.url}/hooks`,
    event_types: ["invoice.paid"],
    retry: { delays_ms: [86_400_000] },
  });
  const { id } = await client.sendEvent("acme", { type: "invoice.paid", data: {} });
  await until("it waits for its next attempt", async () => {
    const { data } = await client.listDeliveries("acme", { state: "retrying" }).page();
    return data.length === 1;
  });
  for (let sent = 0; sent < NEWER_EVENTS; sent += 700) {
    await client.sendEvents(
      "acme",
      Array.from({ length: 700 }, () => ({ type: "stock.counted", data: {} })),
    );
  }
  const { page, faults } = await openPage(browser);
  await signInByKey(page, server);
  const further = page.getByRole("button", { name: "Look further" });
  const notYet = page.getByText("None among the newest.");
  for (const [state, end] of [
    ["retrying", page.getByRole("link", { name: "invoice.paid" })],
    ["rejected", page.getByText("No delivery is rejected.")],
  ] as const) {
    await page.goto(`${server.url}/dashboard/t/acme/deliveries?state=${state}`);
    await notYet.waitFor();
    assert.equal(await end.count(), 0, state);
    await assertAccessible(page, `${state} deliveries that were not looked for further`);
    await further.click();
    await end.waitFor();
    assert.equal(await notYet.count(), 0, state);
    assert.equal(await further.count(), 0, "there is nothing further");
  }
  await page.goto(`${server.url}/dashboard/t/acme/deliveries?state=retrying`);
  await further.click();
  await page.getByRole("link", { name: "invoice.paid" }).click();
  const { data: found } = await client.listDeliveriesOfEvent("acme", id).page();
  await page.waitForURL(`**/events/${id}#${found[0]?.id}`);
  assert.deepEqual(faults, []);
});
