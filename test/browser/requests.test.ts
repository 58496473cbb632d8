/** Looking into an event and its requests, in a real browser, against a real server. */
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

const SECRET = `whsec_${Buffer.from("canary-secret-canary-secret-cana").toString("base64")}`;

describe("what was sent, and why", { skip, concurrency: 1 }, () => {
  let server: FirstStart;
  let receiver: Receiver;

  before(async () => {
    [server, receiver] = await Promise.all([firstStart(), startReceiver()]);
  });
  after(async () => {
    await server?.stop();
    await receiver?.close();
  });

  async function open(path: string, options: Parameters<typeof openPage>[1] = {}) {
    assert.ok(browser);
    const { page, faults } = await openPage(browser, options);
    await signInByKey(page, server);
    await page.goto(`${server.url}/dashboard/${path}`);
    return { page, faults };
  }

  /** Sends one event, waits for what came of it, and returns its id. */
  async function sendAndWait(tenant: string, event: Parameters<FirstStart["client"]["sendEvent"]>[1]) {
    const { id } = await server.client.sendEvent(tenant, event);
    await until("the event was tried", async () => {
      return (await server.client.listAttempts(tenant, { event: id }).page()).data.length > 0;
    });
    return id;
  }

  async function assertFits(page: Page, name: string): Promise<void> {
    await page.setViewportSize({ width: 360, height: 740 });
    const width = await page.evaluate<number>("document.documentElement.scrollWidth");
    assert.ok(width <= 360, `${name} is ${width} wide`);
    await page.setViewportSize({ width: 1280, height: 800 });
  }

  test("an attempt's page shows the request as it was sent, without what signs it", async () => {
    receiver.answer(() => ({ status: 503, body: "closed for lunch" }));
    await server.client.createTenant({ id: "acme", name: "Acme" });
    await server.client.createEndpoint("acme", {
      url: `${receiver.url}/hooks?code=canary-code`,
      secret: SECRET,
      headers: { "x-api-key": "canary-key" },
    });
    const event = await sendAndWait("acme", { type: "invoice.paid", data: { id: 42, note: "it's <b>" } });
    const { page, faults } = await open(`t/acme/events/${event}`);
    await page.getByRole("link", { name: /attempt 1 ✗ 503/ }).click();
    await page.getByRole("heading", { name: "Attempt 1" }).waitFor();
    await page.getByText("as it was sent", { exact: false }).first().waitFor();
    await page.getByText("the payload has the hash that was stored", { exact: false }).waitFor();
    await page.getByLabel("answer").getByText("closed for lunch").waitFor();
    await page.getByRole("row", { name: /Wait for the answer/ }).waitFor();
    const [arrival] = receiver.arrivals.filter(({ path }) => path.startsWith("/hooks"));
    const headers = await page.getByLabel("headers").innerText();
    assert.match(headers, /webhook-signature: not shown/);
    assert.match(headers, /x-api-key: not shown/);
    assert.ok(headers.includes(`webhook-timestamp: ${arrival?.headers["webhook-timestamp"]}`));
    await page.getByRole("button", { name: "As it was sent" }).click();
    assert.equal(await page.getByLabel("payload of the request").innerText(), arrival?.body);
    await page.getByText("Copy as curl").click();
    const curl = await page.getByLabel("curl command of the request").innerText();
    assert.match(curl, /-H "webhook-signature: \$WEBHOOK_SIGNATURE"/);
    assert.match(curl, /--data-binary '/);
    const all = await page.content();
    const signature = String(arrival?.headers["webhook-signature"]).split(",")[1];
    await page.getByText(/hooks\?code=not-shown$/).waitFor();
    for (const secret of ["canary-key", "canary-secret", signature ?? "none"]) {
      assert.equal(all.includes(secret), false, secret);
    }
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await assertAccessible(page, `attempt in the ${colorScheme}`);
    }
    await assertFits(page, "the attempt");
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("a batch's request stands at its last event, and the others lead there", async () => {
    receiver.answer(() => ({ status: 200 }));
    await server.client.createTenant({ id: "spek", name: "Spek" });
    await server.client.createEndpoint("spek", {
      url: `${receiver.url}/batch`,
      contract: "spektr",
      settings: { batch_wait_ms: 2000, batch_events_max: 3 },
    });
    const { data } = (await server.client.sendEvents(
      "spek",
      [1, 2, 3].map((id) => ({ type: "process_run_end", subject: `s${id}`, data: { id } })),
    )) as { readonly data: readonly { readonly id: string }[] };
    const [first, , last] = data.map(({ id }) => id);
    await until("the batch was sent", async () => {
      return (await server.client.listAttempts("spek").page()).data.length === 3;
    });
    const attempts = (await server.client.listAttempts("spek").page()).data;
    const pointer = attempts.find(({ event_id }) => event_id === first);
    const whole = attempts.find(({ event_id }) => event_id === last);
    const { page, faults } = await open(`t/spek/attempts/${pointer?.id}`);
    await page.getByText("One request for 3 events").click();
    await page.getByText("the payload has the hash that was stored", { exact: false }).waitFor();
    await page.getByRole("link", { name: whole?.id ?? "" }).click();
    await page.getByRole("row", { name: /Read the answer/ }).waitFor();
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("an event says why an endpoint was not owed it, and how every contract says it", async () => {
    receiver.answer(() => ({ status: 200 }));
    const { client } = server;
    await client.createTenant({ id: "match", name: "Match" });
    await client.createEndpoint("match", { url: `${receiver.url}/yes` });
    await client.createEndpoint("match", { url: `${receiver.url}/orders`, event_types: ["order.*"] });
    await client.createEndpoint("match", { url: `${receiver.url}/closed`, contract: "spektr" });
    const event = await sendAndWait("match", { type: "invoice.paid", subject: "s", data: { id: 1 } });
    await client.createEndpoint("match", { url: `${receiver.url}/late` });
    const { page, faults } = await open(`t/match/events/${event}`);
    await page.getByText("Endpoints that were not owed it, and why").click();
    await page.getByText("Its subscription does not name invoice.paid: it has order.*.").waitFor();
    await page.getByText("The catalogue of its contract, spektr, is closed", { exact: false }).waitFor();
    await page.getByText("It was created after the event", { exact: false }).waitFor();
    await page.getByText("The same event in every contract").click();
    await page.getByLabel("payload in the contract standard").getByText("invoice.paid").waitFor();
    await page.getByLabel("payload in the contract cloudevents", { exact: true }).waitFor();
    await page.getByText("not_in_catalogue").first().waitFor();
    await assertAccessible(page, "event");
    await assertFits(page, "the event");
    assert.deepEqual(faults, []);
    await page.context().close();
  });
});
