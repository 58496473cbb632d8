/** Keys, the palette, and what stands around every screen, in a real browser, against a real server. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { until } from "../e2e/installation.ts";
import { type Receiver, startReceiver } from "../e2e/receiver.ts";
import { assertAccessible, openPage, startChromium } from "./chromium.ts";
import { type FirstStart, firstStart, signInByKey } from "./first-start.ts";

const browser = await startChromium();
const skip = browser === undefined && "there is no Chromium, and none can be installed: install `chromium`";

after(async () => await browser?.close());

const IS_SEARCHING = 'document.activeElement.hasAttribute("data-search")';

describe("around every screen", { skip, concurrency: 1 }, () => {
  let server: FirstStart;
  let receiver: Receiver;
  let event = "";

  before(async () => {
    [server, receiver] = await Promise.all([firstStart(), startReceiver()]);
    receiver.answer(() => ({ status: 500 }));
    const { client } = server;
    await client.createTenant({ id: "acme", name: "Acme" });
    await client.createTenant({ id: "globex", name: "Globex" });
    await client.createEndpoint("acme", { url: `${receiver.url}/billing`, retry: { delays_ms: [] } });
    event = (await client.sendEvent("acme", { type: "invoice.paid", data: { id: 1 } })).id;
    await until("it is dead", async () => {
      return (await client.listDeliveries("acme", { state: "dead" }).page()).data.length === 1;
    });
  });
  after(async () => {
    await server?.stop();
    await receiver?.close();
  });

  async function open(path: string, prepare = "") {
    assert.ok(browser);
    const { page, faults } = await openPage(browser);
    await page.addInitScript(prepare);
    await signInByKey(page, server);
    await page.goto(`${server.url}/dashboard/${path}`);
    return { page, faults };
  }

  test("the palette goes to screens, tenants, endpoints and ids, and does what the page offers", async () => {
    const { page, faults } = await open("t/acme/endpoints");
    await page.getByRole("link", { name: /billing$/ }).waitFor();
    const field = page.getByRole("combobox", { name: "Screen, tenant, endpoint, or an id" });
    const go = async (typed: string, heading: string | RegExp) => {
      await page.keyboard.press("Control+k");
      await field.fill(typed);
      await page.getByRole("dialog").getByRole("option", { selected: true }).waitFor();
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: heading }).waitFor();
    };
    await go("do new endpoint", "New endpoint");
    await go("dead", "Dead letters");
    await go(event, "invoice.paid");
    await page.keyboard.press("Control+k");
    await field.fill("endpoint billing");
    await page.getByRole("option", { name: /billing$/ }).waitFor();
    await assertAccessible(page, "the palette");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: /billing$/ }).waitFor();
    await page.keyboard.press("Control+k");
    await field.fill("tenant");
    const options = page.getByRole("dialog").getByRole("option");
    await page.getByRole("option", { name: /Globex/ }).waitFor();
    const first = await options.first().getAttribute("id");
    assert.equal(await field.getAttribute("aria-activedescendant"), first);
    await page.keyboard.press("ArrowDown");
    assert.notEqual(await field.getAttribute("aria-activedescendant"), first);
    await field.fill("nothing has this name");
    await page.getByText("Nothing has this name.").waitFor();
    await page.keyboard.press("Escape");
    await field.waitFor({ state: "detached" });
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("keys of one letter are listed by ?, and turned off for good", async () => {
    const { page, faults } = await open("t/acme/events");
    const search = page.locator("[data-search]");
    await search.waitFor();
    await page.locator("#screen").focus();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await assertAccessible(page, "the keys");
    await page.getByLabel("Keys of one letter or sign").uncheck();
    await page.keyboard.press("Escape");
    await page.reload();
    await search.waitFor();
    await page.locator("#screen").focus();
    await page.keyboard.press("/");
    await page.keyboard.press("?");
    assert.equal(await page.getByRole("dialog").count(), 0);
    assert.equal(await page.evaluate<boolean>(IS_SEARCHING), false);
    await page.getByRole("button", { name: "Shortcuts" }).click();
    await page.getByLabel("Keys of one letter or sign").check();
    await page.keyboard.press("Escape");
    await page.locator("#screen").focus();
    await page.keyboard.press("/");
    assert.equal(await page.evaluate<boolean>(IS_SEARCHING), true);
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("without a clipboard a text is copied all the same, or it says that it is not", async () => {
    const { page } = await open(
      `t/acme/events/${event}`,
      `Object.defineProperty(navigator, "clipboard", { value: undefined })`,
    );
    await page.getByLabel("data of the event").waitFor();
    const copy = page
      .locator("#screen")
      .getByRole("button", { name: /^(Copy|Copied|Select it)/ })
      .last();
    await copy.click();
    await page.getByText("Copied").first().waitFor();
    await page.evaluate("document.execCommand = () => false");
    await copy.click();
    await page.getByText("Select it and copy").first().waitFor();
    await page.context().close();
  });

  test("what is chosen is marked, and nothing else", async () => {
    const { page, faults } = await open("t/acme/deliveries");
    const chosen = page.locator("main [aria-current]");
    await page.getByRole("link", { name: "invoice.paid" }).waitFor();
    assert.deepEqual(await chosen.allTextContents(), ["all"]);
    await page.getByRole("link", { name: "dead", exact: true }).click();
    await page.waitForURL(/state=dead/);
    assert.deepEqual(await chosen.allTextContents(), ["dead"]);
    await page.goto(`${server.url}/dashboard/t/acme/event-types?contract=bspk&type=shopper.created`);
    await page.getByRole("heading", { name: "shopper.created" }).waitFor();
    assert.deepEqual(await chosen.allTextContents(), ["shopper.created"]);
    await page.goto(`${server.url}/dashboard/t/acme/endpoints/new`);
    await page.getByRole("link", { name: "Back" }).waitFor();
    assert.deepEqual(await chosen.allTextContents(), []);
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("a browser whose clock is a day ahead shows times by the server's", async () => {
    assert.ok(browser);
    const { page } = await openPage(browser);
    await page.clock.install({ time: Date.now() + 86_400_000 });
    await signInByKey(page, server);
    await page.goto(`${server.url}/dashboard/t/acme/events`);
    await page.getByRole("link", { name: "invoice.paid" }).waitFor();
    await page.clock.runFor(2000);
    const shown = await page.locator("time").first().innerText();
    assert.doesNotMatch(shown, / d | h |in /);
    await page.goto(`${server.url}/dashboard/t/acme/overview`);
    await page.getByText("Nothing since you came.").waitFor();
    await page.clock.runFor(2000);
    await server.client.sendEvent("acme", { type: "invoice.sent", data: {} });
    const happenings = page.getByLabel("What happens now");
    await until("it is told of", async () => {
      await page.clock.runFor(200);
      return (await happenings.getByRole("link", { name: "invoice.sent" }).count()) > 0;
    });
    assert.doesNotMatch(await happenings.locator("time").first().innerText(), / d | h |in /);
    await page.context().close();
  });

  test("a sign says whether what is shown follows what happens, and dead letters have a range", async () => {
    const { page, faults } = await open("t/acme/dead-letters");
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByRole("link", { name: "invoice.paid" }).waitFor();
    await page.locator("[data-search]").fill("until:2026-01-01T00:00:00Z");
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByText("No dead letters like this.").waitFor();
    assert.match(page.url(), /until=2026-01-01/);
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByRole("link", { name: "invoice.paid" }).waitFor();
    assert.deepEqual(faults, []);
    await page.context().close();
  });
});
