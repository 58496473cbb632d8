/** The dashboard of a node that another one delivers for: over one database, in a real browser. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { buildWhereNeeded } from "../../scripts/build-dashboard.ts";
import { NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { assertAccessible, openPage, startChromium } from "../browser/chromium.ts";
import { signInByKey } from "../browser/first-start.ts";
import { type EventShape, until } from "../e2e/installation.ts";
import { startReceiver } from "../e2e/receiver.ts";
import { findPostgres } from "./find-postgres.ts";
import { makeNodes } from "./nodes-in-process.ts";

const [browser, postgres] = [await startChromium(), await findPostgres()];
const skip =
  (browser === undefined && "there is no Chromium, and none can be installed: install `chromium`") ||
  (postgres === undefined && NO_POSTGRES);

const SECRET = `whsec_${Buffer.from("canary-secret-canary-secret-cana").toString("base64")}`;

/** Two nodes, a tenant whose shard the other one owns, and its endpoint. */
async function setup(t: TestContext) {
  await buildWhereNeeded();
  const nodes = await makeNodes(postgres ?? "", 4, t);
  const one = await nodes.add();
  const other = await nodes.add();
  await until("both own shards", () => one.share() > 0 && other.share() > 0);
  const names = Array.from({ length: 100 }, (_, number) => `tenant-${number}`);
  const tenant = names.find((name) => other.owns(name)) ?? assert.fail("the other owns some tenant's shard");
  const receiver = await startReceiver();
  t.after(() => receiver.close());
  await other.call("POST", "/v1/tenants", { id: tenant, name: tenant });
  await other.call("POST", `/v1/tenants/${tenant}/endpoints`, {
    url: `${receiver.url}/hooks?code=canary-code`,
    secret: SECRET,
    headers: { "x-api-key": "canary-key" },
    retry: { delays_ms: [] },
  });
  return { one, other, tenant, receiver };
}

test("a node shows what another one delivers, while it does, and the request as it was sent", {
  skip,
}, async (t) => {
  assert.ok(browser);
  t.after(async () => await browser.close());
  const { one, other, tenant, receiver } = await setup(t);
  receiver.answer(() => ({ status: 503, body: "closed for lunch" }));
  const { page, faults } = await openPage(browser);
  await signInByKey(page, one);
  await page.goto(`${one.url}/dashboard/t/${tenant}/overview`);
  await page.getByText("Live", { exact: true }).waitFor();
  await page.evaluate(`document.body.dataset["isNotLoadedAnew"] = ""`);
  const happenings = page.getByLabel("What happens now");
  await page.getByText("Nothing since you came.").waitFor();
  let event = "";
  // The other node hears of who looks a moment later: what came before that is in lists alone.
  await until("a delivery is told", async () => {
    const sent = { type: "invoice.paid", data: { id: 42 } };
    const { json } = await other.call<EventShape>("POST", `/v1/tenants/${tenant}/events`, sent);
    event = json.id;
    const told = happenings.getByText("✗ 503").first().waitFor({ timeout: 2000 });
    return await told.then(
      () => true,
      () => false,
    );
  });
  assert.equal(await page.locator("body[data-is-not-loaded-anew]").count(), 1);
  assert.deepEqual([one.owns(tenant), other.owns(tenant)], [false, true]);

  await page.goto(`${one.url}/dashboard/t/${tenant}/events/${event}`);
  await page.getByRole("link", { name: /attempt 1 ✗ 503/ }).click();
  await page.getByText("the payload has the hash that was stored", { exact: false }).waitFor();
  await page.getByLabel("answer").getByText("closed for lunch").waitFor();
  await page.getByRole("button", { name: "As it was sent" }).click();
  const arrival = receiver.arrivals.find(({ headers }) => headers["webhook-id"] === event);
  assert.equal(await page.getByLabel("payload of the request").innerText(), arrival?.body);
  const headers = await page.getByLabel("headers").innerText();
  assert.match(headers, /webhook-signature: not shown/);
  assert.match(headers, /x-api-key: not shown/);
  const signature = String(arrival?.headers["webhook-signature"]).split(",")[1] ?? "none";
  await page.getByText(/hooks\?code=not-shown$/).waitFor();
  const shown = await page.content();
  for (const secret of ["canary-key", "canary-secret", SECRET, signature]) {
    assert.equal(shown.includes(secret), false, secret);
  }
  await assertAccessible(page, "attempt");
  assert.deepEqual(faults, []);
});
