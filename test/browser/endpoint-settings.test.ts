/** An endpoint's settings, in a real browser, against a real server. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { until } from "../e2e/installation.ts";
import { type Receiver, startReceiver } from "../e2e/receiver.ts";
import { assertAccessible, openPage, startChromium } from "./chromium.ts";
import { type FirstStart, firstStart, signInByKey } from "./first-start.ts";

const browser = await startChromium();
const skip = browser === undefined && "there is no Chromium, and none can be installed: install `chromium`";

after(async () => await browser?.close());

const CANARY = "Bearer canary-4711";

describe("the settings of an endpoint", { skip, concurrency: 1 }, () => {
  let server: FirstStart;
  let receiver: Receiver;

  before(async () => {
    [server, receiver] = await Promise.all([firstStart(), startReceiver()]);
    await server.client.createTenant({ id: "acme", name: "Acme" });
  });
  after(async () => {
    await server?.stop();
    await receiver?.close();
  });

  const createEndpoint = async (headers: Readonly<Record<string, string>>) =>
    await server.client.createEndpoint("acme", { url: `${receiver.url}/hooks`, headers });

  async function open(path: string) {
    assert.ok(browser);
    const { page, faults } = await openPage(browser);
    await signInByKey(page, server);
    await page.goto(`${server.url}/dashboard/${path}`);
    return { page, faults };
  }

  async function openPortal(path: string, scopes: readonly "endpoints:write"[]) {
    assert.ok(browser);
    const { url } = await server.client.createPortalSession("acme", {
      scopes: ["endpoints:read", "deliveries:read", ...scopes],
    });
    const { page, faults } = await openPage(browser, { viewport: { width: 390, height: 844 } });
    await page.goto(url);
    await page.getByRole("heading", { name: "Endpoints" }).waitFor();
    await page.goto(`${server.url}/portal/${path}`);
    await page.getByRole("heading", { name: "Latest deliveries" }).waitFor();
    return { page, faults };
  }

  test("event types that nobody has are told, when an endpoint is made and when it is changed", async () => {
    await server.client.registerEventType("acme", { name: "invoice.paid", schema: {} });
    const { page, faults } = await open("t/acme/endpoints/new");
    await page.getByLabel("URL", { exact: true }).fill(`${receiver.url}/typed`);
    await page.getByLabel("Event types").fill("invoice.payed, invoice.*");
    await page.getByRole("button", { name: "Create endpoint" }).click();
    const told = page.getByRole("status").filter({ hasText: "Is this meant?" });
    await told.getByText('"invoice.payed" fits no event type that is known; the nearest is').waitFor();
    assert.equal(await told.getByRole("listitem").count(), 1);
    await assertBothThemes(page, "a new endpoint that was warned of");
    await page.getByRole("link", { name: "See the endpoint" }).click();
    await page.getByLabel("Event types").fill("invoice.paid");
    await page.getByRole("button", { name: "Save" }).first().click();
    await page.getByRole("button", { name: "Save", disabled: true }).first().waitFor();
    assert.equal(await told.count(), 0);
    await page.getByLabel("Event types").fill("invoice.piad");
    await page.getByRole("button", { name: "Save" }).first().click();
    await told.getByText('"invoice.piad" fits').waitFor();
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("headers of a new endpoint are written by keys, are refused row by row, and arrive", async () => {
    const { page, faults } = await open("t/acme/endpoints/new");
    await page.getByLabel("URL", { exact: true }).fill(`${receiver.url}/new`);
    const add = page.getByRole("button", { name: "Add a header" });
    await add.focus();
    await page.keyboard.press("Enter");
    await page.keyboard.type("X-Team");
    await page.keyboard.press("Tab");
    await page.keyboard.type("billing");
    await page.getByRole("button", { name: "Remove X-Team" }).waitFor();
    await add.focus();
    await page.keyboard.press("Enter");
    await page.keyboard.type("Webhook-~Id");
    await add.focus();
    await page.keyboard.press("Enter");
    await page.keyboard.type("X-Team ");
    const rows = page.getByRole("group", { name: "Headers" }).getByRole("listitem");
    await rows.nth(2).getByText("stands above already").waitFor();
    const create = page.getByRole("button", { name: "Create endpoint" });
    assert.ok(await create.isDisabled(), "one of two of a name would be lost");
    await page.getByLabel("Name of header 3").fill("X-Other");
    await create.click();
    await rows.nth(1).getByText("is reserved: the sender or a contract sets it").waitFor();
    assert.equal(await rows.getByText("is reserved", { exact: false }).count(), 1);
    assert.equal(await page.getByLabel("Name of header 2").getAttribute("aria-invalid"), "true");
    await assertBothThemes(page, "headers of a new endpoint");
    for (const name of ["Remove Webhook-~Id", "Remove X-Other"]) {
      await page.getByRole("button", { name }).click();
      assert.equal(await page.evaluate("document.activeElement.textContent"), "Add a header");
    }
    await create.click();
    await page.getByRole("button", { name: "Send a test event" }).click();
    await page.getByText(/✓ The receiver took it: 200/).waitFor();
    const arrival = receiver.arrivals.findLast(({ path }) => path === "/new");
    assert.equal(arrival?.headers["x-team"], "billing");
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("what headers say is seen by who asks, and is not written over by another setting", async () => {
    const { id } = await createEndpoint({ Authorization: CANARY, "X-Team": "billing" });
    const stored = async () => await server.client.getEndpoint("acme", id);
    const { page, faults } = await open(`t/acme/endpoints/${id}`);
    const form = page.getByRole("form", { name: "Settings", exact: true });
    const save = form.getByRole("button", { name: "Save" });
    const value = page.getByLabel("Value of Authorization");
    await value.waitFor();
    assert.equal(await value.getAttribute("type"), "password");
    await form.getByLabel("Requests at a time").fill("3");
    await form.locator("summary").click();
    const command = form.getByLabel("curl command");
    assert.doesNotMatch(await command.innerText(), /headers/);
    // What somebody else changes meanwhile stays, and so does what was written here.
    await server.client.updateEndpoint("acme", id, {
      headers: { Authorization: CANARY, "X-Team": "ledger" },
      event_types: ["order.*"],
    });
    await page.getByText("every type", { exact: true }).waitFor({ state: "detached" });
    await save.click();
    await until("it is saved", async () => (await stored()).max_in_flight === 3);
    assert.deepEqual((await stored()).headers, { Authorization: CANARY, "X-Team": "ledger" });

    await page.reload();
    await form.getByRole("button", { name: "Add a header" }).click();
    await page.getByLabel("Name of header 3").fill("X-New");
    await page.getByLabel("Value of X-New").fill("mine");
    await form.locator("summary").click();
    assert.match(await command.innerText(), /"Authorization":"…","X-Team":"…","X-New":"mine"/);
    await form.getByRole("button", { name: "Show values" }).click();
    assert.equal(await value.getAttribute("type"), "text");
    assert.match(await command.innerText(), /canary-4711/);
    await form.getByRole("button", { name: "Remove X-Team" }).click();
    await save.click();
    await until("it is saved", async () => (await stored()).headers["X-New"] === "mine");
    assert.deepEqual((await stored()).headers, { Authorization: CANARY, "X-New": "mine" });
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("limits, retries, what waits and metadata are changed, and refused at their fields", async () => {
    const { id } = await createEndpoint({});
    const { page, faults } = await open(`t/acme/endpoints/${id}`);
    const form = page.getByRole("form", { name: "Settings", exact: true });
    const save = form.getByRole("button", { name: "Save" });
    await form.getByLabel("Requests in a second").fill("0.5");
    await form.getByLabel("Tried again after").fill("5s, soon");
    await form.getByText("must be durations between commas", { exact: false }).waitFor();
    assert.ok(await save.isDisabled());
    await form.getByLabel("Tried again after").fill("5s, 1h30m");
    await form.getByLabel("By chance earlier or later").fill("0.2");
    await form.getByLabel("What waits").selectOption("only the newest of each subject is sent");
    await form.getByLabel("Milliseconds to answer in").fill("5");
    await form.getByRole("button", { name: "Add an entry" }).click();
    await page.keyboard.type("team");
    await page.keyboard.press("Tab");
    await page.keyboard.type("billing");
    await save.click();
    await form.getByRole("alert").getByText("/timeout_ms").waitFor();
    const hint = await form.getByLabel("Milliseconds to answer in").getAttribute("aria-describedby");
    assert.match(await page.locator(`[id="${hint}"]`).innerText(), /must be at least 100/);
    await assertBothThemes(page, "a setting that was refused");
    await form.getByLabel("Milliseconds to answer in").fill("5000");
    await save.click();
    await until("it is saved", async () => {
      return (await server.client.getEndpoint("acme", id)).timeout_ms === 5000;
    });
    const { rate_per_second, timeout_ms, retry, latest_only_by, metadata, headers } =
      await server.client.getEndpoint("acme", id);
    assert.deepEqual(
      { rate_per_second, timeout_ms, retry, latest_only_by, metadata, headers },
      {
        rate_per_second: 0.5,
        timeout_ms: 5000,
        retry: { delays_ms: [5000, 5_400_000], jitter: 0.2 },
        latest_only_by: "subject",
        metadata: { team: "billing" },
        headers: {},
      },
    );
    await page.reload();
    assert.equal(await form.getByLabel("Tried again after").inputValue(), "5s, 1h30m");
    assert.equal(await form.getByLabel("Value of team").inputValue(), "billing");
    assert.ok(await save.isDisabled(), "nothing was changed");
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("what is written while it is being saved stays, and can be saved next", async () => {
    const { id } = await createEndpoint({});
    const { page, faults } = await open(`t/acme/endpoints/${id}`);
    const form = page.getByRole("form", { name: "Settings", exact: true });
    const save = form.getByRole("button", { name: "Save" });
    let letIt = () => {};
    const held = new Promise<void>((resolve) => {
      letIt = resolve;
    });
    await page.route(`**/endpoints/${id}`, async (route) => {
      await (route.request().method() === "PATCH" ? held : undefined);
      await route.continue();
    });
    const asked = page.waitForRequest((request) => request.method() === "PATCH");
    await form.getByLabel("Requests at a time").fill("7");
    await save.click();
    await asked;
    await form.getByLabel("Description").fill("written meanwhile");
    letIt();
    await save.click();
    await until("both are saved", async () => {
      const { max_in_flight, description } = await server.client.getEndpoint("acme", id);
      return max_in_flight === 7 && description === "written meanwhile";
    });
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("who uses the portal changes headers on a telephone, as far as their link goes", async () => {
    const { id } = await createEndpoint({ Authorization: CANARY });
    const { page, faults } = await openPortal(`t/acme/endpoints/${id}`, ["endpoints:write"]);
    const form = page.getByRole("form", { name: "Settings", exact: true });
    await form.getByRole("button", { name: "Add a header" }).click();
    await page.getByLabel("Name of header 2").fill("X-Shop");
    await page.getByLabel("Value of X-Shop").fill("ünknown");
    await form.getByRole("button", { name: "Save" }).click();
    await form
      .getByText("must be at most 4096 characters of printable ASCII", { exact: false })
      .first()
      .waitFor();
    await assertBothThemes(page, "headers in the portal");
    const width = await page.evaluate<number>("document.documentElement.scrollWidth");
    assert.ok(width <= 390, `the settings are ${width} wide`);
    await page.getByLabel("Value of X-Shop").fill("unknown");
    await form.getByRole("button", { name: "Save" }).click();
    const stored = async () => (await server.client.getEndpoint("acme", id)).headers;
    await until("it is saved", async () => (await stored())["X-Shop"] === "unknown");
    assert.deepEqual(await stored(), { Authorization: CANARY, "X-Shop": "unknown" });

    const reader = await openPortal(`t/acme/endpoints/${id}`, []);
    await reader.page.getByText("X-Shop, whose value is not shown").waitFor();
    assert.equal((await reader.page.content()).includes("canary-4711"), false);
    assert.equal(await reader.page.getByRole("button", { name: /header|values|Save/ }).count(), 0);
    await assertBothThemes(reader.page, "headers that are not shown");
    assert.deepEqual([...faults, ...reader.faults], []);
    await page.context().close();
    await reader.page.context().close();
  });
});

async function assertBothThemes(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await assertAccessible(page, `${name} in the ${colorScheme}`);
  }
}
