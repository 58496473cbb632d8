/** What a person does with the dashboard, in a real browser, against a real server. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { until } from "../e2e/installation.ts";
import { type Receiver, startReceiver } from "../e2e/receiver.ts";
import { assertAccessible, openPage, startChromium, writeInto } from "./chromium.ts";
import { type FirstStart, firstStart, signInByKey } from "./first-start.ts";

const browser = await startChromium();
const skip = browser === undefined && "there is no Chromium, and none can be installed: install `chromium`";

after(async () => await browser?.close());

interface All {
  readonly browser: Browser;
  readonly server: FirstStart;
  readonly receiver: Receiver;
}

/** Does what a dialog asks about. */
async function confirm(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole("dialog").getByRole("button", { name }).click();
}

/** As the browser says it when another page of it is looked at. */
async function show(page: Page, state: "visible" | "hidden"): Promise<void> {
  await page.evaluate(`
    Object.defineProperty(document, "visibilityState", { configurable: true, value: "${state}" });
    document.dispatchEvent(new Event("visibilitychange"));
  `);
}

describe("the dashboard", { skip, concurrency: 1 }, () => {
  let all: All;

  before(async () => {
    assert.ok(browser);
    all = { browser, server: await firstStart(), receiver: await startReceiver() };
  });
  after(async () => {
    await all?.server.stop();
    await all?.receiver.close();
  });

  test("a first start leads by its link to a tenant, an endpoint and an event that arrives", async () => {
    const { server, receiver } = all;
    const { page, faults } = await openPage(all.browser);
    await page.goto(server.signInUrl);
    await page.getByRole("heading", { name: "Tenants" }).waitFor();
    assert.equal(page.url().includes("#"), false, "the link is in no history");
    await page.getByText("No tenants of yours yet.").waitFor();
    await page.getByRole("button", { name: "New tenant" }).click();
    await page.getByLabel("Name").fill("Acme");
    await page.getByLabel("Id").fill("acme");
    await page.getByRole("button", { name: "Create tenant" }).click();
    await page.getByText("No endpoints yet.").waitFor();
    await page.getByRole("link", { name: "New endpoint" }).click();
    await page.getByLabel("URL", { exact: true }).fill(`${receiver.url}/first`);
    await page.getByRole("button", { name: "Create endpoint" }).click();
    await page.getByText(/^whsec_/).waitFor();
    await page.getByRole("link", { name: "Send it an event" }).click();
    await page.getByLabel("Event type").fill("invoice.paid");
    await writeInto(page, "Data", '{"id": 9007199254740993,\n "price": }');
    await page.getByText("This is not JSON: line 2, column 11 must have a value.").waitFor();
    await writeInto(page, "Data", '{"id": 9007199254740993, "price": 1.0}');
    await page.getByRole("button", { name: "Send event" }).click();
    await page.getByText("attempt 1 ✓ 200").first().waitFor();
    assert.deepEqual(
      receiver.arrivals.map(({ path }) => path),
      ["/first"],
    );
    assert.match(receiver.arrivals[0]?.body ?? "", /"data":\{"id": ?9007199254740993, ?"price": ?1\.0\}/);
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("lists follow what happens while the page is seen, and only then", async () => {
    const { client, url } = all.server;
    await client.createTenant({ id: "lively", name: "Lively" });
    const { page, faults } = await openPage(all.browser);
    await signInByKey(page, all.server);
    const isStream = (asked: { url: () => string }) => asked.url().endsWith("/tenants/lively/stream");
    const begun = page.waitForResponse(isStream);
    await page.clock.install();
    await page.goto(`${url}/dashboard/t/lively/events`);
    assert.equal((await begun).status(), 200);
    await page.getByText("No events yet.").waitFor();
    await page.clock.pauseAt(Date.now() + 60_000);
    await client.sendEvent("lively", { type: "order.created", data: {} });
    const appeared = page.getByRole("link", { name: "order.created" });
    // In eight seconds of the page's time the list is not yet read by itself: what appears was told.
    let leftMs = 8000;
    await until("the list was read anew", async () => {
      await page.clock.runFor(Math.min(leftMs, 20));
      leftMs = Math.max(0, leftMs - 20);
      return (await appeared.count()) === 1;
    });
    // That it ended is seen by another that begins: browsers do not always tell of the end of one.
    await show(page, "hidden");
    const again = page.waitForResponse(isStream);
    await show(page, "visible");
    assert.equal((await again).status(), 200);
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("a link that was used signs nobody in, and signing out ends what it opened", async () => {
    const { page } = await openPage(all.browser);
    await page.goto(all.server.signInUrl);
    await page.getByRole("heading", { name: "Sign in to Posthorn" }).waitFor();
    await signInByKey(page, all.server);
    const [cookie] = await page.context().cookies();
    assert.deepEqual([cookie?.httpOnly, cookie?.sameSite], [true, "Strict"]);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in to Posthorn" }).waitFor();
    const headers = { cookie: `${cookie?.name}=${cookie?.value}`, "posthorn-session": "1" };
    assert.equal((await fetch(`${all.server.url}/v1/tenants`, { headers })).status, 401);
    await page.context().close();
  });

  test("what a receiver refuses is found, explained and replayed, one and all", async () => {
    const { client } = all.server;
    all.receiver.answer(() => ({ status: 500, body: "the stock is not there" }));
    await client.createTenant({ id: "globex", name: "Globex" });
    const url = `${all.receiver.url}/stock`;
    const { id: endpoint } = await client.createEndpoint("globex", { url, retry: { delays_ms: [] } });
    for (const id of [1, 2, 3]) {
      await client.sendEvent("globex", { type: "order.created", data: { id } });
    }
    const { page, faults } = await openPage(all.browser);
    await signInByKey(page, all.server);
    await page.goto(`${all.server.url}/dashboard/t/globex/dead-letters`);
    await page.getByRole("link", { name: "order.created" }).nth(2).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("r");
    await page.getByRole("dialog", { name: "Replay", exact: true }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Enter");
    await page.getByText("The fault is the receiver's", { exact: false }).first().waitFor();
    await page.locator("summary", { hasText: "attempt 1" }).click();
    await page.getByLabel("answer").getByText("the stock is not there").waitFor();
    all.receiver.answer(() => ({ status: 200 }));
    await page.keyboard.press("r");
    await confirm(page, "Replay");
    await page.getByText("replay ✓ 200").first().waitFor();
    await page.goto(`${all.server.url}/dashboard/t/globex/dead-letters?endpoint=${endpoint}`);
    await page.getByRole("button", { name: "Replay all of an endpoint" }).click();
    await page.getByText(/2 will be sent again/).waitFor();
    await confirm(page, "Replay 2");
    await page.getByRole("link", { name: "See how far it is" }).click();
    await page.getByText("2 of 2 delivered").first().waitFor();
    await page.getByText("finished").first().waitFor();
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("a held lane says why, and goes on when one is skipped or it is resumed", async () => {
    const { client } = all.server;
    const refused: string[] = [];
    all.receiver.answer(({ body }) => {
      const isFirst = body.includes("first customer");
      refused.push(...(isFirst ? [body] : []));
      return { status: 200, body: JSON.stringify({ outcome: isFirst ? "failure" : "sent" }) };
    });
    await client.createTenant({ id: "bubbles", name: "Bubbles" });
    await client.createEndpoint("bubbles", {
      url: `${all.receiver.url}/loyalty/:name`,
      contract: "bubblehouse",
      settings: { handshake: false },
    });
    const send = async (who: string) =>
      await client.sendEvent("bubbles", { type: "Points Earned", data: { customer: { shopid: who } } });
    await send("first customer");
    await send("second customer");
    const { page, faults } = await openPage(all.browser);
    await signInByKey(page, all.server);
    await page.goto(`${all.server.url}/dashboard/t/bubbles/endpoints`);
    await page.getByText(/The lane is held because of outcome failure/).waitFor();
    await page.getByText(/held for/).waitFor();
    await page.getByRole("button", { name: "Skip one" }).click();
    await confirm(page, "Skip one");
    await page.getByText("Skipped 1. The lane goes on.").waitFor();
    await confirm(page, "Close");
    await page.getByText("1 missed").waitFor();
    await page.getByText("Everything is delivered.").waitFor();
    assert.ok(refused.length > 0);
    await page.getByRole("button", { name: "Pause" }).click();
    await confirm(page, "Pause");
    await page.getByText(/Paused by someone/).waitFor();
    const { id } = await send("third customer");
    await page.getByRole("button", { name: "Resume" }).click();
    await confirm(page, "Resume");
    await page.goto(`${all.server.url}/dashboard/t/bubbles/events/${id}`);
    await page.getByText("attempt 1 ✓ 200").first().waitFor();
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("the overview says what needs somebody, and what happens while one looks", async () => {
    const { client } = all.server;
    all.receiver.answer(({ path }) => ({ status: path === "/broken" ? 500 : 200 }));
    await client.createTenant({ id: "initech", name: "Initech" });
    const [broken, off] = await Promise.all(
      ["broken", "off", "fine"].map(
        async (name) =>
          await client.createEndpoint("initech", {
            url: `${all.receiver.url}/${name}`,
            retry: { delays_ms: [] },
          }),
      ),
    );
    assert.ok(broken && off);
    await client.disableEndpoint("initech", off.id);
    const { page, faults } = await openPage(all.browser);
    await signInByKey(page, all.server);
    await page.getByRole("link", { name: "Initech" }).click();
    await page.getByText("Nothing since you came.").waitFor();
    await page.getByRole("link", { name: off.url }).waitFor();
    assert.equal(await page.getByRole("link", { name: broken.url }).count(), 0);
    await client.sendEvent("initech", { type: "stapler.lost", data: 1 });
    const happenings = page.getByLabel("What happens now");
    await happenings.getByText("accepted").waitFor();
    await happenings.getByText("✗ 500").waitFor();
    await happenings.getByText("✓ 200").waitFor();
    await page.getByRole("listitem").filter({ hasText: broken.url }).getByText("failing for").waitFor();
    assert.equal(
      await page.getByRole("link", { name: /\/fine$/ }).count(),
      1,
      "it is among what happens alone",
    );
    await page.getByRole("cell", { name: "status 500" }).waitFor();
    await page.getByRole("link", { name: "All dead letters" }).click();
    await page.getByRole("heading", { name: "Dead letters" }).waitFor();
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("a secret is rotated, and the new one is shown once", async () => {
    const { page } = await openPage(all.browser);
    await signInByKey(page, all.server);
    await page.goto(`${all.server.url}/dashboard/t/acme/endpoints`);
    await page.getByRole("link", { name: /\/first$/ }).click();
    await page.getByRole("button", { name: "Rotate the secret" }).click();
    await confirm(page, "Rotate the secret");
    await page.getByText(/^whsec_/).waitFor();
    await confirm(page, "Close");
    await page.getByLabel("a secret, which is not shown").nth(1).waitFor();
    assert.equal(await page.getByText(/^whsec_/).count(), 0);
    await page.context().close();
  });

  for (const scheme of ["light", "dark"] as const) {
    test(`no screen runs what it shows, and each is for everybody, in the ${scheme}`, async () => {
      const tenant = `canary-${scheme}`;
      const screens = await canaryTenant(all, tenant);
      const { page, faults } = await openPage(all.browser, { colorScheme: scheme });
      await signInByKey(page, all.server);
      for (const [name, path, shown] of screens) {
        await page.goto(`${all.server.url}/dashboard/${path}`);
        await page.getByText(shown).first().waitFor();
        await assertAccessible(page, name);
      }
      assert.deepEqual(faults, []);
      await page.context().close();
    });
  }

  test("on a narrow screen nothing is wider than it", async () => {
    const { page } = await openPage(all.browser, { viewport: { width: 360, height: 740 } });
    await signInByKey(page, all.server);
    for (const screen of [
      "overview",
      "endpoints",
      "events",
      "deliveries",
      "dead-letters",
      "replays",
      "playground",
    ]) {
      await page.goto(`${all.server.url}/dashboard/t/globex/${screen}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      const width = await page.evaluate<number>("document.documentElement.scrollWidth");
      assert.ok(width <= 360, `${screen} is ${width} wide`);
    }
    await page.context().close();
  });
});

const CANARY = `<img src=x onerror="alert('canary')"><script>alert("canary")</script>`;

/** Makes a tenant whose every field is a script, and says where each screen is and what it then shows. */
async function canaryTenant({ server: { client }, receiver }: All, tenant: string) {
  receiver.answer(() => ({ status: 500, headers: { "content-type": "text/html" }, body: CANARY }));
  await client.createTenant({ id: tenant, name: CANARY });
  const { id: endpoint } = await client.createEndpoint(tenant, {
    url: `${receiver.url}/${encodeURIComponent(CANARY)}`,
    description: CANARY,
    retry: { delays_ms: [] },
  });
  const type = CANARY.slice(0, 120);
  const attemptsOf = async (of: string, event: string) =>
    (await client.listAttempts(of, { event }).page()).data;
  const { id } = await client.sendEvent(tenant, { type, subject: CANARY, data: { canary: CANARY } });
  await client.createReplay(tenant, { endpoint, since: "2026-01-01T00:00:00Z", only: "all" });
  await client.registerEventType(tenant, {
    name: type,
    description: CANARY,
    schema: { type: "object", description: CANARY, properties: { [CANARY]: { const: CANARY } } },
    example: { [CANARY]: CANARY },
  });
  await until("the event was tried", async () => (await attemptsOf(tenant, id)).length > 0);
  const [attempt] = await attemptsOf(tenant, id);
  const path = `t/${tenant}`;
  return [
    ["tenants", "tenants", "Name"],
    ["overview", `${path}/overview`, "status 500"],
    ["endpoints", `${path}/endpoints`, CANARY],
    ["new-endpoint", `${path}/endpoints/new`, "Create endpoint"],
    ["endpoint", `${path}/endpoints/${endpoint}`, "Latest deliveries"],
    ["events", `${path}/events`, CANARY],
    ["event", `${path}/events/${id}`, "attempt 1"],
    ["attempt", `${path}/attempts/${attempt?.id}`, "Copy as curl"],
    ["event-types", `${path}/event-types?type=${encodeURIComponent(type)}`, "TypeScript"],
    ["contracts", `${path}/contracts`, "A hold waits"],
    ["deliveries", `${path}/deliveries`, "dead"],
    ["dead-letters", `${path}/dead-letters`, "status 500"],
    ["replays", `${path}/replays`, "asked for"],
    ["playground", `${path}/playground?type=${encodeURIComponent(type)}`, "Send event"],
  ] as const;
}
