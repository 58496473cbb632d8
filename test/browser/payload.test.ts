/** Payloads as they are shown, in a real browser, against a real server. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { assertAccessible, openPage, startChromium } from "./chromium.ts";
import { type FirstStart, firstStart, signInByKey } from "./first-start.ts";

const browser = await startChromium();
const skip = browser === undefined && "there is no Chromium, and none can be installed: install `chromium`";

after(async () => await browser?.close());

/** What is there of a payload, however long it is: the lines that are seen, and some beside them. */
const ELEMENTS_MAX = 1000;

describe("a payload", { skip, concurrency: 1 }, () => {
  let server: FirstStart;

  before(async () => {
    server = await firstStart();
    await server.client.createTenant({ id: "acme", name: "Acme" });
  });
  after(async () => await server?.stop());

  /** Opens the page of an event whose data is this text. */
  async function open(dataText: string) {
    assert.ok(browser);
    const answer = await fetch(`${server.url}/v1/tenants/acme/events`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.adminKey}`, "content-type": "application/json" },
      body: `{"type":"large","data":${dataText}}`,
    });
    assert.equal(answer.status, 202, await answer.clone().text());
    const { id }: { readonly id: string } = JSON.parse(await answer.text());
    const { page, faults } = await openPage(browser, { permissions: ["clipboard-read", "clipboard-write"] });
    await signInByKey(page, server);
    await page.goto(`${server.url}/dashboard/t/acme/events/${id}`);
    const data = page.getByLabel("data of the event");
    await data.waitFor();
    return { page, faults, data };
  }

  async function assertFew(data: Locator, when: string): Promise<void> {
    const count = await data.locator("*").count();
    assert.ok(count <= ELEMENTS_MAX, `${when} there are ${count} elements`);
  }

  const foundIn = async (page: Page) =>
    await page
      .getByRole("status")
      .filter({ hasText: / of |^\d/ })
      .innerText();

  test("a megabyte of JSON has only the lines that are seen, and is all there", async () => {
    const lines = Array.from({ length: 20_000 }, (_, count) => ({ id: count, text: "0123456789abcdef" }));
    const text = JSON.stringify({ lines, end: "the end" });
    const { page, faults, data } = await open(text);
    await data.getByText('"lines"').waitFor();
    await assertFew(data, "at the start");
    await data.press("End");
    await data.getByText("}", { exact: true }).last().waitFor();
    await data.press("ArrowUp");
    await data.getByText('"the end"').waitFor();
    await assertFew(data, "at the end");
    await page.getByLabel("Search in it").fill('"id": 12345,');
    await page.getByLabel("Search in it").press("Enter");
    await data.locator("mark").first().waitFor();
    assert.equal(await foundIn(page), "1 of 1");
    await data.getByText("12345", { exact: true }).waitFor();
    await page.getByLabel("Search in it").fill("ABCDEF");
    await page.getByRole("button", { name: "The one before" }).click();
    await page.getByText("10,000 of 10,000", { exact: false }).waitFor();
    await assertFew(data, "among ten thousand matches");
    await page.getByLabel("Search in it").fill("");
    await page.getByRole("button", { name: "Fold", exact: true }).click();
    await data.getByText("80,000 lines", { exact: false }).waitFor();
    assert.equal(await data.getByRole("treeitem").count(), 4);
    await assertAccessible(page, "a folded megabyte");
    await page.getByRole("button", { name: "Unfold" }).click();
    await data.getByText('"0123456789abcdef"').first().waitFor();
    await assertAccessible(page, "a megabyte");
    await page.getByRole("button", { name: "Copy", exact: true }).last().click();
    assert.equal(await page.evaluate("navigator.clipboard.readText()"), text);
    await page.getByRole("button", { name: "As it was sent" }).click();
    await data.getByText('{"lines":[{"id":0,', { exact: false }).waitFor();
    await assertFew(data, "as it was sent");
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  for (const [name, text, shown] of [
    ["of one text", JSON.stringify("x".repeat(1_000_000)), /^"x{100,}/],
    ["of numbers", `[${"1,".repeat(500_000)}2]`, /^1$/],
    ["that nests as deep as it may", `${"[".repeat(200)}${"1".repeat(900_000)}${"]".repeat(200)}`, /^\[$/],
  ] as const) {
    test(`a megabyte ${name} stands in few elements, whichever of it is seen`, async () => {
      const { page, faults, data } = await open(text);
      await data.getByText(shown).first().waitFor();
      await assertFew(data, "at the start");
      await data.press("End");
      await assertFew(data, "at the end");
      await page.getByRole("button", { name: "As it was sent" }).click();
      await assertFew(data, "as it was sent");
      assert.deepEqual(faults, []);
      await page.context().close();
    });
  }

  test("the lines of a payload are gone through and folded by the keys of a tree", async () => {
    const { page, faults, data } = await open('{"a":{"b":[1,2],"c":{}},"d":9007199254740993,"e":"<b>"}');
    await data.focus();
    const current = async () => {
      const line = data.locator("[data-current]");
      assert.equal(await data.getAttribute("aria-activedescendant"), await line.getAttribute("id"));
      return (await line.innerText()).replaceAll(/[▾▸\s]/g, "");
    };
    const press = async (...keys: readonly string[]) => {
      for (const key of keys) {
        await data.press(key);
      }
      return await current();
    };
    assert.equal(await press("ArrowDown", "ArrowDown"), '"b":[');
    assert.equal(await press("ArrowLeft"), '"b":[…2lines],');
    assert.equal(await press("ArrowDown"), '"c":{}');
    assert.equal(await press("ArrowLeft"), '"a":{');
    assert.equal(await press("Enter"), '"a":{…5lines},');
    assert.equal(await data.getByRole("treeitem", { expanded: false }).count(), 1);
    assert.equal(await press("ArrowDown"), '"d":9007199254740993,');
    assert.equal(await press("End"), "}");
    assert.equal(await press("Home", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight"), '"b":[');
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await assertAccessible(page, `a payload in the ${colorScheme}`);
    }
    assert.deepEqual(faults, []);
    await page.context().close();
  });
});
