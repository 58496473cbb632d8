/** What a customer does with the portal, and cannot do, in a real browser, against a real server. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { until } from "../e2e/installation.ts";
import { type Receiver, startReceiver } from "../e2e/receiver.ts";
import { assertAccessible, openPage, startChromium } from "./chromium.ts";
import { type FirstStart, firstStart, signInByKey } from "./first-start.ts";

const browser = await startChromium();
const skip = browser === undefined && "there is no Chromium, and none can be installed: install `chromium`";

after(async () => await browser?.close());

interface Embedder {
  /** Of another site than the server. */
  readonly origin: string;
  frame: string;
  close(): void;
}

/** A page of another site, which shows whatever it is given in a frame. */
async function startEmbedder(): Promise<Embedder> {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "text/html");
    response.end(`<!doctype html><title>App</title><iframe src="${embedder.frame}" width=900 height=700>`);
  }).listen(0);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const embedder = { origin: `http://localhost:${port}`, frame: "", close: () => void server.close() };
  return embedder;
}

interface All {
  readonly browser: Browser;
  readonly server: FirstStart;
  readonly receiver: Receiver;
  readonly embedder: Embedder;
}

describe("the portal", { skip, concurrency: 1 }, () => {
  let all: All;

  before(async () => {
    assert.ok(browser);
    const embedder = await startEmbedder();
    const server = await firstStart({ POSTHORN_PORTAL_ORIGINS: embedder.origin });
    all = { browser, server, receiver: await startReceiver(), embedder };
    await server.client.createTenant({ id: "acme", name: "Acme" });
    await server.client.createTenant({ id: "globex", name: "Globex" });
    await server.client.createEndpoint("globex", { url: `${all.receiver.url}/globex` });
  });
  after(async () => {
    await all?.server.stop();
    await all?.receiver.close();
    all?.embedder.close();
  });

  const link = async () => (await all.server.client.createPortalSession("acme")).url;

  test("a link leads to an endpoint of one's own, its secret once, and a test that arrives", async () => {
    const { page, faults } = await openPage(all.browser);
    await page.goto(await link());
    await page.getByText("No endpoints yet.").waitFor();
    assert.equal(page.url().includes("#"), false, "the link is in no history");
    const [cookie] = await page.context().cookies();
    assert.deepEqual([cookie?.httpOnly, cookie?.sameSite], [true, "Strict"]);
    await page.getByRole("link", { name: "New endpoint" }).first().click();
    await page.getByLabel("URL", { exact: true }).fill("http://10.0.0.7/hooks");
    await page.getByRole("button", { name: "Create endpoint" }).click();
    await page.getByRole("alert").waitFor();
    await page.getByLabel("URL", { exact: true }).fill(`${all.receiver.url}/mine`);
    await page.getByRole("button", { name: "Create endpoint" }).click();
    const secret = await page.getByText(/^whsec_/).innerText();
    await page.getByRole("button", { name: "PHP" }).click();
    await page.getByText("hash_hmac").waitFor();
    await page.getByRole("button", { name: "Send a test event" }).click();
    await page.getByText(/✓ The receiver took it: 200/).waitFor();
    await page.getByRole("link", { name: "See the endpoint" }).click();
    await page.getByRole("heading", { name: "Latest deliveries" }).waitFor();
    assert.equal((await page.content()).includes(secret), false);
    for (const name of ["Tenants", "Playground", "Overview"]) {
      assert.equal(await page.getByRole("link", { name }).count(), 0, name);
    }
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("a session sees no other tenant, on no screen and by no request", async () => {
    const { page, faults } = await openPage(all.browser);
    await page.goto(await link());
    await page.getByRole("heading", { name: "Endpoints" }).waitFor();
    await page.goto(`${all.server.url}/portal/t/globex/endpoints`);
    await page.getByText("not_found").first().waitFor();
    assert.equal(await page.getByText(`${all.receiver.url}/globex`).count(), 0);
    const statusOf = async (path: string, session: string) =>
      await page.evaluate<number>(
        `fetch("/v1/${path}", { headers: { "posthorn-session": "${session}" } }).then((it) => it.status)`,
      );
    for (const [path, status] of [
      ["tenants/globex/endpoints", 404],
      ["tenants", 403],
      ["tenants/acme/keys", 403],
      ["tenants/acme/endpoints", 200],
    ] as const) {
      assert.equal(await statusOf(path, "portal"), status, path);
    }
    assert.equal(await statusOf("session", "1"), 401, "it is no session of the dashboard");
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("a link that was used lets nobody else in", async () => {
    const url = await link();
    const first = await openPage(all.browser);
    await first.page.goto(url);
    await first.page.getByRole("heading", { name: "Endpoints" }).waitFor();
    const { page } = await openPage(all.browser);
    await page.goto(url);
    await page.getByRole("heading", { name: "Open it anew" }).waitFor();
    await assertAccessible(page, "the end of the portal");
    await first.page.context().close();
    await page.context().close();
  });

  test("who is signed in to the dashboard and opens a portal has both", async () => {
    const { page } = await openPage(all.browser);
    await signInByKey(page, all.server);
    await page.goto(await link());
    await page.getByRole("heading", { name: "Endpoints" }).waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Open it anew" }).waitFor();
    await page.goto(`${all.server.url}/dashboard/tenants`);
    await page.getByRole("link", { name: "Globex" }).waitFor();
    await page.context().close();
  });

  test("a page that is listed shows it in a frame, in its colours, and no other does", async () => {
    const { embedder, server } = all;
    const { page, faults } = await openPage(all.browser);
    embedder.frame = `${await link()}&accent=%230a7d4f&ground=url(x)&theme=light`;
    await page.goto(embedder.origin);
    const frame = page.frameLocator("iframe");
    await frame.getByRole("heading", { name: "Endpoints" }).waitFor();
    const inFrame = page.frames().find((each) => each.url().startsWith(server.url));
    const style = await inFrame?.evaluate<readonly string[]>(`[
      document.documentElement.style.getPropertyValue("--accent"),
      document.documentElement.style.getPropertyValue("--ground"),
    ]`);
    assert.deepEqual(style, ["#0a7d4f", ""]);
    await frame.getByRole("link", { name: /\/mine$/ }).click();
    await frame.getByRole("heading", { name: "Latest deliveries" }).waitFor();
    const [cookie] = await page.context().cookies();
    assert.deepEqual([cookie?.sameSite, cookie?.secure, cookie?.httpOnly], ["None", true, true]);
    await page.reload();
    await frame.getByRole("heading", { name: "Endpoints" }).waitFor();
    assert.deepEqual(
      faults.filter((fault) => !fault.startsWith(`elsewhere: ${embedder.origin}`)),
      [],
    );
    const { hostname, port } = new URL(embedder.origin);
    assert.equal(hostname, "localhost");
    const other = await openPage(all.browser);
    embedder.frame = await link();
    await other.page.goto(`http://127.0.0.1:${port}`);
    await until("the browser refused", () => Promise.resolve(/frame-ancestors/.test(other.faults.join())));
    const dashboard = await fetch(`${server.url}/dashboard/`);
    assert.match(dashboard.headers.get("content-security-policy") ?? "", /frame-ancestors 'none'/);
    await other.page.context().close();
    await page.context().close();
  });

  test("the verify helper says which part of a request is wrong, and asks nobody", async () => {
    const { page, faults } = await openPage(all.browser);
    await page.goto(await link());
    await page.getByRole("link", { name: "Verify a request" }).click();
    const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const sentAt = Math.floor(Date.now() / 1000);
    const body = '{"type":"order.paid","data":{"id":1}}';
    const signature = createHmac("sha256", Buffer.from(secret.slice(6), "base64"))
      .update(`evt_1.${sentAt}.${body}`)
      .digest("base64");
    await page.getByLabel("Secret").waitFor();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    const headers = (at: number) =>
      `webhook-id: evt_1\nwebhook-timestamp: ${at}\nwebhook-signature: v1,${signature}`;
    await page.getByLabel("Headers").fill(headers(sentAt));
    await page.getByLabel("Body").fill(body);
    await page.getByLabel("Secret").fill(secret);
    const verify = async (said: RegExp) => {
      await page.getByRole("button", { name: "Verify" }).click();
      await page.getByRole("status").filter({ hasText: said }).waitFor();
    };
    await verify(/The request is right/);
    await page.getByLabel("Body").fill(JSON.stringify(JSON.parse(body), undefined, 2));
    await verify(/white space of the body was changed/);
    await assertAccessible(page, "the verify helper");
    await page.getByLabel("Body").fill(body);
    await page.getByLabel("Secret").fill("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    await verify(/not of these bytes under this secret/);
    await page.getByLabel("Headers").fill(headers(sentAt - 7200));
    await verify(/too old, by 2 h/);
    await page.getByLabel("Headers").fill("webhook-id: evt_1");
    await verify(/webhook-timestamp is missing/);
    assert.equal(
      asked.filter((url) => !/\/stream$|\/v1\/session$/.test(url)).length,
      0,
      "nothing is asked of anybody",
    );
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("its screens run nothing that they show, are for everybody, and fit a narrow screen", async () => {
    const canary = `<img src=x onerror="alert('canary')">`;
    const { client } = all.server;
    all.receiver.answer(() => ({ status: 500, body: canary }));
    const { id } = await client.createEndpoint("acme", {
      url: `${all.receiver.url}/${encodeURIComponent(canary)}`,
      description: canary,
      retry: { delays_ms: [] },
    });
    const event = await client.sendEvent("acme", { type: canary, subject: canary, data: { canary } });
    const { page, faults } = await openPage(all.browser, { viewport: { width: 360, height: 740 } });
    await page.goto(await link());
    await page.getByRole("heading", { name: "Endpoints" }).waitFor();
    for (const [path, shown] of [
      ["endpoints", canary],
      ["endpoints/new", "Create endpoint"],
      [`endpoints/${id}`, "Latest deliveries"],
      ["events", canary],
      [`events/${event.id}`, "attempt 1"],
      ["deliveries", "dead"],
      ["dead-letters", "status 500"],
      ["replays", "Replays"],
      ["verify", "Verify a request"],
    ] as const) {
      await page.goto(`${all.server.url}/portal/t/acme/${path}`);
      await page.locator("main").getByText(shown).first().waitFor();
      await assertAccessible(page, path);
      const width = await page.evaluate<number>("document.documentElement.scrollWidth");
      assert.ok(width <= 360, `${path} is ${width} wide`);
    }
    assert.deepEqual(faults, []);
    await page.context().close();
  });
});
