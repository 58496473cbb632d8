/** Event types and contracts, in a real browser, against a real server. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { assertAccessible, editorOf, openPage, startChromium, writeInto } from "./chromium.ts";
import { type FirstStart, firstStart, signInByKey } from "./first-start.ts";

const browser = await startChromium();
const skip = browser === undefined && "there is no Chromium, and none can be installed: install `chromium`";

after(async () => await browser?.close());

describe("what can be sent, and how", { skip, concurrency: 1 }, () => {
  let server: FirstStart;

  before(async () => {
    server = await firstStart();
  });
  after(async () => await server?.stop());

  async function open(path: string) {
    assert.ok(browser);
    const { page, faults } = await openPage(browser);
    await signInByKey(page, server);
    await page.goto(`${server.url}/dashboard/${path}`);
    return { page, faults };
  }

  async function assertSound(page: Page, name: string): Promise<void> {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await assertAccessible(page, `${name} in the ${colorScheme}`);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    const width = await page.evaluate<number>("document.documentElement.scrollWidth");
    assert.ok(width <= 360, `${name} is ${width} wide`);
    await page.setViewportSize({ width: 1280, height: 800 });
  }

  test("a type is registered, shown with its schema and a type, changed and removed", async () => {
    await server.client.createTenant({ id: "types", name: "Types" });
    const { page, faults } = await open("t/types/event-types");
    await page.getByText("No event types yet.").waitFor();
    await page.getByRole("button", { name: "Register a type" }).click();
    await page.getByLabel("Name", { exact: true }).fill("invoice.paid");
    await writeInto(page, "JSON Schema", '{"type": "object", "required": ["id"');
    await page.getByText("This is not JSON: line 1", { exact: false }).waitFor();
    assert.ok(await page.getByRole("button", { name: "Register", exact: true }).isDisabled());
    const schema = { type: "object", required: ["id"], properties: { id: { type: "integer" } } };
    await writeInto(page, "JSON Schema", JSON.stringify(schema));
    await writeInto(page, "Example", '{"id": "no number"}');
    await page.getByRole("button", { name: "Register", exact: true }).click();
    await page.getByRole("alert").getByText("/example", { exact: false }).first().waitFor();
    await writeInto(page, "Example", '{"id": 7}');
    await assertSound(page, "the form");
    await page.getByRole("button", { name: "Register", exact: true }).click();
    await page.getByRole("heading", { name: "invoice.paid" }).waitFor();
    await page.getByLabel("TypeScript type").getByText("export type InvoicePaid = {").waitFor();
    await page.getByText("are refused").first().waitFor();
    await assertSound(page, "a type");
    await page.getByRole("button", { name: "Change" }).click();
    await page.getByLabel("Description").fill("An invoice was paid in full.");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("An invoice was paid in full.").first().waitFor();
    const { validation, schema: stored } = await server.client.getEventType("types", "invoice.paid");
    assert.deepEqual([validation, stored], ["reject", schema]);
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByText("No event types yet.").waitFor();
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("the catalogue of a contract is looked through by name", async () => {
    await server.client.createTenant({ id: "looker", name: "Looker" });
    const { page, faults } = await open("t/looker/event-types?contract=bspk");
    await page.getByLabel("Search by name").fill("client.upd");
    await page.getByRole("link", { name: "client.updated" }).click();
    await page.getByLabel("TypeScript type").getByText("export type ClientUpdated = {").waitFor();
    await page.getByLabel("example").first().waitFor();
    await page.getByRole("link", { name: "Send one" }).click();
    await page.getByRole("heading", { name: "Playground" }).waitFor();
    assert.equal(await page.getByLabel("Event type").inputValue(), "client.updated");
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("the playground knows every type of a tenant that has more than a page of them", async () => {
    await server.client.createTenant({ id: "many", name: "Many" });
    for (let count = 0; count < 105; count += 1) {
      const name = `type.${String(count).padStart(3, "0")}`;
      await server.client.registerEventType("many", { name, example: { count } });
    }
    const { page, faults } = await open("t/many/playground?type=type.104");
    await page.locator("datalist option").nth(104).waitFor({ state: "attached" });
    await editorOf(page, "Data").getByText('"count": 104').waitFor();
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("an event stands side by side as each contract says it, with each contract's rules", async () => {
    await server.client.createTenant({ id: "sides", name: "Sides" });
    const { page, faults } = await open("t/sides/contracts");
    await page.getByText("Each delivery by itself", { exact: false }).first().waitFor();
    assert.ok(await page.getByRole("button", { name: "An accepted event" }).isDisabled());
    await server.client.sendEvent("sides", { type: "client.updated", data: { id: 1 } });
    const { id } = await server.client.sendEvent("sides", {
      type: "Points Earned",
      subject: "s",
      data: { customer: { shopid: "1" } },
    });
    await page.reload();
    await page.getByLabel("payload in the contract bubblehouse").getByText("Points Earned").waitFor();
    await page.getByLabel("payload in the contract standard").getByText("Points Earned").waitFor();
    const choice = page.getByLabel("Event", { exact: true });
    assert.equal(await choice.inputValue(), id);
    await choice.selectOption({ index: 1 });
    await page.getByLabel("payload in the contract bspk").getByText("client.updated").waitFor();
    assert.match(page.url(), /event=evt_/);
    await page.getByText("3 retries within 3 s", { exact: false }).waitFor();
    await assertSound(page, "contracts");
    await page.getByRole("button", { name: "A sample of a type" }).click();
    await page.getByLabel("Event type").waitFor();
    assert.match(page.url(), /show=sample/);
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("a sample of any type stands side by side, as it is written, and is stored nowhere", async () => {
    await server.client.createTenant({ id: "samples", name: "Samples" });
    const { page, faults } = await open("t/samples/event-types?contract=bubblehouse&type=Points+Updated");
    await page.getByRole("link", { name: "In every contract" }).click();
    await page.getByLabel("payload in the contract bubblehouse").getByText("Points Updated").waitFor();
    await page.getByLabel("payload in the contract standard").getByText("Points Updated").waitFor();
    await page.getByText("not_in_catalogue").first().waitFor();
    await assertSound(page, "samples");
    await writeInto(page, "Data", '{"id": 9007199254740993}');
    await page.getByLabel("payload in the contract standard").getByText("9007199254740993").waitFor();
    await page.getByText("customer_missing").first().waitFor();
    await page.getByLabel("Event type").fill("step_init");
    await page.getByLabel("Subject").fill("somebody");
    await page.getByLabel("payload in the contract spektr").getByText('"somebody"').waitFor();
    assert.match(page.url(), /type=step_init/);
    assert.deepEqual((await server.client.listEvents("samples", { limit: 1 }).page()).data, []);
    assert.deepEqual(faults, []);
    await page.context().close();
  });
});
