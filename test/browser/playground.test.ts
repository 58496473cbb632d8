/** The server's own receiver, told what to answer from the playground, in a real browser. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, openPage, startChromium } from "./chromium.ts";
import { firstStart, signInByKey } from "./first-start.ts";

const browser = await startChromium();
const skip = browser === undefined && "there is no Chromium, and none can be installed: install `chromium`";

test("the playground has a receiver that fails, hangs and answers outcomes", { skip }, async (t) => {
  assert.ok(browser);
  const server = await firstStart();
  t.after(async () => await Promise.all([browser.close(), server.stop()]));
  await server.client.createTenant({ id: "acme", name: "Acme" });
  const { page, faults } = await openPage(browser, { viewport: { width: 390, height: 800 } });
  await signInByKey(page, server);
  await page.goto(`${server.url}/dashboard/t/acme/playground?type=order.created`);
  const receiver = page.getByRole("region", { name: "Test receiver" });
  await receiver.getByRole("button", { name: "Create an endpoint to it" }).click();
  await receiver.getByRole("link", { name: "in the contract standard" }).waitFor();
  const send = async (answer: string, seen: string) => {
    const told = page.waitForResponse((response) => response.request().method() === "PUT");
    await receiver.getByLabel("It", { exact: true }).selectOption(answer);
    assert.equal((await told).status(), 200);
    await page.getByRole("button", { name: "Send event" }).click();
    await page.getByRole("region", { name: "What became of it" }).getByText(seen).first().waitFor();
  };
  await send("fails", "attempt 1 ✗ 500");
  const { url, answer } = await server.client.getTestReceiver("acme");
  assert.deepEqual([answer.status, url === null], [500, false]);
  await send("takes", "attempt 1 ✓ 200");
  await assertAccessible(page, "playground");
  const width = await page.evaluate<number>("document.documentElement.scrollWidth");
  assert.ok(width <= 390, `the playground is ${width} wide`);

  await receiver.getByLabel("Contract").selectOption("bubblehouse");
  await receiver.getByRole("button", { name: "Create an endpoint to it" }).click();
  await receiver.getByRole("link", { name: "in the contract bubblehouse" }).waitFor();
  await page.getByLabel("Event type").fill("Birthday");
  await page.getByRole("button", { name: "Fill in a form" }).click();
  await page.getByLabel("customer.first_name").fill('Ada "the first"');
  await send("outcome failure", "attempt 1 ✗ outcome failure");
  const { data } = await server.client.listEvents("acme", { limit: 1 }).page();
  const sent = await server.client.getEvent("acme", data[0]?.id ?? "");
  assert.match(JSON.stringify(sent.data), /"first_name":"Ada \\"the first\\""/);
  await assertAccessible(page, "a form");
  await receiver.getByRole("link", { name: "in the contract bubblehouse" }).click();
  await page.getByText(/The lane is held because of outcome failure/).waitFor();

  // An answer is lost: whoever sends it once more has sent one event.
  await page.goto(`${server.url}/dashboard/t/acme/playground?type=order.lost`);
  await page.route(/\/events$/, async (route) => {
    await route.fetch();
    await route.abort();
  });
  await page.getByRole("button", { name: "Send event" }).click();
  await page.getByRole("alert").getByText("unreachable").waitFor();
  await page.unroute(/\/events$/);
  await page.getByRole("button", { name: "Send event" }).click();
  await page.getByText("Accepted as", { exact: false }).waitFor();
  const lost = await server.client.listEvents("acme", { type: "order.lost" }).page();
  assert.equal(lost.data.length, 1);
  assert.deepEqual(faults, []);
});
