/** The editor for JSON, in a real browser, against a real server. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { request as ask, createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { until } from "../e2e/installation.ts";
import { assertAccessible, editorOf, openPage, startChromium, writeInto } from "./chromium.ts";
import { type FirstStart, firstStart, signInByKey } from "./first-start.ts";

const browser = await startChromium();
const skip = browser === undefined && "there is no Chromium, and none can be installed: install `chromium`";

after(async () => await browser?.close());

const SCHEMA = {
  type: "object",
  required: ["id"],
  properties: {
    id: { type: "integer", description: "Of the invoice." },
    state: { enum: ["open", "paid"] },
    customer: { type: "object", properties: { name: { type: "string" } } },
  },
};

/** In the chunk of the editor, and nowhere else. */
const CHUNK = /\/json-editor-[^/]+\.js$/;

/** Where the focus is, also within a shadow root. */
const FOCUSED = `(() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at?.getAttribute("aria-label") ?? at?.textContent ?? "";
})()`;

describe("the editor", { skip, concurrency: 1 }, () => {
  let server: FirstStart;

  before(async () => {
    server = await firstStart();
    await server.client.createTenant({ id: "acme", name: "Acme" });
    await server.client.registerEventType("acme", { name: "invoice.paid", schema: SCHEMA });
  });
  after(async () => await server?.stop());

  async function open(path: string) {
    assert.ok(browser);
    const { page, faults } = await openPage(browser);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await signInByKey(page, server);
    const isLoaded = () => asked.some((one) => CHUNK.test(one));
    assert.equal(isLoaded(), false, "nothing of the editor is loaded before somebody edits");
    await page.goto(`${server.url}/dashboard/${path}`);
    return { page, faults, isLoaded };
  }

  test("JSON is written with faults at their places, and with what its schema knows", async () => {
    const { page, faults, isLoaded } = await open("t/acme/playground?type=invoice.paid");
    const data = editorOf(page, "Data");
    await data.waitFor();
    assert.ok(isLoaded());
    await writeInto(page, "Data", '{\n  "id": 7,\n  "state" 1\n}');
    await page.getByText("This is not JSON: line 3, column 11 must have a colon.").first().waitFor();
    assert.equal(await data.getAttribute("aria-invalid"), "true");
    await page.locator(".cm-lintRange-error").waitFor();
    assert.equal(await page.locator(".cm-lintRange-error").textContent(), "1");
    await page.locator(".cm-lintRange-error").hover();
    await page.locator(".cm-tooltip").getByText("line 3, column 11", { exact: false }).waitFor();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await assertAccessible(page, `a fault in the ${colorScheme}`);
    }
    await page.mouse.move(0, 0);

    await data.press("Control+a");
    await page.keyboard.type("x");
    assert.equal(await data.textContent(), "x");
    await data.press("Control+a");
    await page.keyboard.type('{"');
    const offered = page.locator(".cm-tooltip-autocomplete [role=option]");
    await offered.first().waitFor();
    assert.deepEqual(await offered.allTextContents(), [
      '"id"integer required',
      '"state"',
      '"customer"object',
    ]);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await assertAccessible(page, `what fits in the ${colorScheme}`);
    }
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    assert.equal(await data.textContent(), '{"state": }');
    await page.keyboard.press("Control+Space");
    await offered.getByText('"paid"').waitFor();
    assert.deepEqual(await offered.allTextContents(), ['"open"', '"paid"']);
    await page.keyboard.press("Escape");
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("keys of the page mean nothing in it, Tab leaves it, and Control Enter sends", async () => {
    const { page, faults } = await open("t/acme/playground?type=invoice.paid");
    const data = editorOf(page, "Data");
    await writeInto(page, "Data", "");
    await page.getByText("Data", { exact: true }).click();
    assert.equal(await page.evaluate(FOCUSED), "Data", "its label leads to it");
    await page.keyboard.type('"?jk/r');
    assert.equal(await data.textContent(), '"?jk/r"');
    assert.equal(await page.locator("dialog[open]").count(), 0);
    assert.equal(await page.evaluate(FOCUSED), "Data");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(FOCUSED), "Lay out");
    await page.keyboard.press("Shift+Tab");
    assert.equal(await page.evaluate(FOCUSED), "Data");
    await page.keyboard.press("Shift+Tab");
    assert.notEqual(await page.evaluate(FOCUSED), "Data");
    // Digits that no number of a script has stay, through laying out and sending.
    await writeInto(page, "Data", '{"id":9007199254740993}');
    await page.getByRole("button", { name: "Lay out" }).click();
    assert.equal(await data.innerText(), '{\n  "id": 9007199254740993\n}');
    await data.press("Control+Enter");
    await page.getByRole("region", { name: "What became of it" }).waitFor();
    const { data: events } = await server.client.listEvents("acme", { limit: 1 }).page();
    const answer = await fetch(`${server.url}/v1/tenants/acme/events/${events[0]?.id}`, {
      headers: { authorization: `Bearer ${server.adminKey}` },
    });
    assert.match(await answer.text(), /"id": 9007199254740993\b/);
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("an input method writes over what is selected, and one step takes it back", async () => {
    const { page, faults } = await open("t/acme/playground");
    const data = editorOf(page, "Data");
    const keyboard = await page.context().newCDPSession(page);
    const compose = async (step: string) =>
      await keyboard.send("Input.imeSetComposition", {
        text: step,
        selectionStart: step.length,
        selectionEnd: step.length,
      });
    const write = async (...steps: readonly string[]) => {
      for (const step of steps) {
        await compose(step);
      }
      await keyboard.send("Input.insertText", { text: steps.at(-1) ?? "" });
    };
    const text = '{"name": "old", "of": 1}';
    // All of it; "old"; old; and before it, with nothing selected.
    for (const [from, to, written] of [
      [0, text.length, "日本"],
      [9, 14, '{"name": 日本, "of": 1}'],
      [10, 13, '{"name": "日本", "of": 1}'],
      [10, 10, '{"name": "日本old", "of": 1}'],
    ] as const) {
      await writeInto(page, "Data", text);
      await data.press("Control+Home");
      for (let at = 0; at < to; at += 1) {
        await page.keyboard.press(at < from ? "ArrowRight" : "Shift+ArrowRight");
      }
      await write("に", "にほ", "日本");
      assert.equal(await data.textContent(), written);
      await page.keyboard.press("Control+z");
      assert.equal(await data.textContent(), text);
    }
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("a plain field stays where no editor can be loaded, and hands over to one that is late", async () => {
    const { page, faults } = await open("t/acme/playground");
    await page.route(CHUNK, async (route) => await route.abort());
    await page.reload();
    const plain = page.locator("textarea");
    await plain.fill('{"a": }');
    await page.getByText("This is not JSON: line 1, column 7 must have a value.").waitFor();
    await page.unroute(CHUNK);
    let letIt = () => {};
    const held = new Promise<void>((resolve) => {
      letIt = resolve;
    });
    await page.route(CHUNK, async (route) => {
      await held;
      await route.continue();
    });
    await page.reload();
    await plain.fill('{"a": 1}');
    await plain.press("Home");
    letIt();
    await editorOf(page, "Data").waitFor();
    assert.equal(await page.evaluate(FOCUSED), "Data", "who was writing goes on");
    await page.keyboard.type(" ");
    assert.equal(await editorOf(page, "Data").textContent(), ' {"a": 1}');
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("an endpoint's objects are edited, and what it would get is seen, below any path", async (t) => {
    assert.ok(browser);
    const proxy = await startProxy(server.url, "/hooks");
    t.after(() => proxy.close());
    const { id } = await server.client.createEndpoint("acme", {
      url: "https://receiver.example/bh/:name",
      contract: "bubblehouse",
    });
    const { url: link } = await server.client.createPortalSession("acme");
    const { page, faults } = await openPage(browser);
    await page.goto(link.replace(server.url, `${proxy.url}/hooks`));
    await page.getByRole("heading", { name: "Endpoints" }).waitFor();
    await page.goto(`${proxy.url}/hooks/portal/t/acme/endpoints/${id}`);
    await page.getByText("as JSON").click();
    await writeInto(page, "Metadata", '{"team": 7}');
    await writeInto(page, "Settings of the contract", "");
    await page.keyboard.type('{"');
    const offered = page.locator(".cm-tooltip-autocomplete [role=option]");
    await offered.first().waitFor();
    const schema = (await server.client.listContracts().page()).data.find(
      ({ name }) => name === "bubblehouse",
    );
    const known = Object.keys(Object(Object(schema?.settings_schema).properties));
    assert.equal(await offered.count(), known.length);
    await page.keyboard.press("Escape");
    await writeInto(page, "Settings of the contract", "");
    const form = page.getByRole("form", { name: "Metadata, retries and settings" });
    await form.getByRole("button", { name: "Save" }).click();
    await page.getByRole("alert").getByText("/metadata/team").waitFor();
    await writeInto(page, "Metadata", '{"team": "billing"}');
    await writeInto(page, "Retries", '{"delays_ms": [1000, 60000]}');
    await form.getByRole("button", { name: "Save" }).click();
    await until("it is saved", async () => {
      return (await server.client.getEndpoint("acme", id)).retry !== null;
    });
    const { metadata, retry } = await server.client.getEndpoint("acme", id);
    assert.deepEqual([metadata, retry?.delays_ms], [{ team: "billing" }, [1000, 60_000]]);
    await form.getByRole("button", { name: "Save", disabled: true }).waitFor();

    await page.getByText("What it would get of a sample").click();
    await page.getByLabel("Event type", { exact: true }).fill("Points Updated");
    await page.getByLabel("payload of the sample").getByText('"Points Updated"').waitFor();
    await page.getByText("not shown").first().waitFor();
    await assertAccessible(page, "an endpoint with its editors");
    assert.deepEqual(faults, []);
    await page.context().close();
  });
});

/** A proxy that has the server below a path, which it takes off. */
async function startProxy(target: string, prefix: string) {
  const proxy = createServer((request, response) => {
    const path = (request.url ?? "").slice(prefix.length);
    const { method, headers } = request;
    const passed = ask(`${target}${path}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on("error", () => response.destroy());
    response.on("close", () => passed.destroy());
    request.pipe(passed);
  });
  await once(proxy.listen(0, "127.0.0.1"), "listening");
  const address = proxy.address();
  assert.ok(typeof address === "object" && address !== null);
  return {
    url: `http://127.0.0.1:${address.port}`,
    close() {
      proxy.close();
      proxy.closeAllConnections();
    },
  };
}
