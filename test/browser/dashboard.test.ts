/** What a person does with the dashboard, in a real browser, against a real server. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { until } from "../e2e/installation.ts";
import { type Receiver, startReceiver } from "../e2e/receiver.ts";
import { openPage, startChromium, writeInto } from "./chromium.ts";
import { type FirstStart, firstStart, signInByKey } from "./first-start.ts";

const browser = await startChromium();
const skip = browser === undefined && "there is no Chromium, and none can be installed: install `chromium`";

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

// Not in one suite: it would have one test's time for all of them.
let all: All;

before(async () => {
  if (browser !== undefined) {
    all = { browser, server: await firstStart(), receiver: await startReceiver() };
  }
});
after(async () => {
  await browser?.close();
  await all?.server.stop();
  await all?.receiver.close();
});

test("a first start leads by its link to a tenant, an endpoint and an event that arrives", {
  skip,
}, async () => {
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

test("lists follow what happens while the page is seen, and only then", { skip }, async () => {
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

test("a list that somebody reads on in stands still, says so, and shows the newest when it is asked", {
  skip,
}, async () => {
  const { client, url } = all.server;
  await client.createTenant({ id: "archive", name: "Archive" });
  const events = Array.from({ length: 150 }, (_, at) => ({ type: "page.written", data: at }));
  await client.sendEvents("archive", events);
  const { page, faults } = await openPage(all.browser);
  await signInByKey(page, all.server);
  await page.goto(`${url}/dashboard/t/archive/events`);
  await page.getByRole("link", { name: "page.written" }).first().waitFor();
  const newest = page.getByRole("button", { name: "Show the newest" });
  assert.equal(await newest.count(), 0);
  // A page that does not come is not asked for again and again.
  let asked = 0;
  let askedUntil: number | undefined;
  await page.route(/cursor=/, async (route) => {
    asked += 1;
    await route.abort();
  });
  await page.getByRole("link", { name: "page.written" }).last().scrollIntoViewIfNeeded();
  await page.mouse.wheel(0, 10_000);
  await page.getByRole("alert").getByText("unreachable").waitFor();
  const failed = asked;
  // The beginning of the list is read again then, and only after that the page that did not come.
  const again = page.waitForResponse((response) => {
    const isBeginning = response.url().endsWith("/events?limit=100");
    askedUntil ??= isBeginning ? asked : undefined;
    return isBeginning;
  });
  await client.sendEvent("archive", { type: "page.marked", data: {} });
  await again;
  assert.equal(askedUntil, failed);
  await page.unroute(/cursor=/);
  await page.getByRole("button", { name: /^(Try again|Show more)$/ }).click();
  await page.mouse.wheel(0, 10_000);
  await newest.waitFor();
  await client.sendEvent("archive", { type: "page.turned", data: {} });
  await newest.click();
  await page.getByRole("link", { name: "page.turned" }).waitFor();
  assert.equal(await newest.count(), 0);
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("a link that was used signs nobody in, and signing out ends what it opened", { skip }, async () => {
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

test("what a receiver refuses is found, explained and replayed, one and all", { skip }, async () => {
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

test("a held lane says why, and goes on when one is skipped or it is resumed", { skip }, async () => {
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
  await page.getByText("Nothing waits.").waitFor();
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

test("a held lane is resumed by whoever has mended its receiver, before its next probe", {
  skip,
}, async () => {
  const { client } = all.server;
  let isMended = false;
  all.receiver.answer(() =>
    isMended ? { status: 200 } : { status: 503, headers: { "retry-after": "3600" } },
  );
  await client.createTenant({ id: "umbrella", name: "Umbrella" });
  await client.createEndpoint("umbrella", { url: `${all.receiver.url}/umbrella` });
  const { id } = await client.sendEvent("umbrella", { type: "order.created", data: {} });
  const { page, faults } = await openPage(all.browser);
  await signInByKey(page, all.server);
  await page.goto(`${all.server.url}/dashboard/t/umbrella/endpoints`);
  await page.getByText(/next probe in 59 m/).waitFor();
  isMended = true;
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByRole("dialog").getByText("goes on at once", { exact: false }).waitFor();
  await confirm(page, "Resume");
  await page.getByText("Nothing waits.").waitFor();
  await page.goto(`${all.server.url}/dashboard/t/umbrella/events/${id}`);
  await page.getByText("attempt 2 ✓ 200").first().waitFor();
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("the overview says what needs somebody, and what happens while one looks", { skip }, async () => {
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

test("a secret is rotated, and the new one is shown once", { skip }, async () => {
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
