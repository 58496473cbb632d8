/** The line that looks for events, in a real browser, against a real server. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, startChromium } from "./chromium.ts";
import { firstStart, signInByKey } from "./first-start.ts";

const browser = await startChromium();
const skip = browser === undefined && "there is no Chromium, and none can be installed: install `chromium`";

test("a line looks for events by times ago, and leads to deliveries and to other tenants", {
  skip,
}, async (t) => {
  assert.ok(browser);
  const server = await firstStart();
  t.after(async () => await Promise.all([browser.close(), server.stop()]));
  const ids: string[] = [];
  for (const id of ["acme", "globex"]) {
    await server.client.createTenant({ id, name: id });
    ids.push((await server.client.sendEvent(id, { type: `${id}.happened`, data: {} })).id);
  }
  const { page, faults } = await openPage(browser);
  await signInByKey(page, server);
  await page.goto(`${server.url}/dashboard/t/acme/events`);
  const search = async (line: string) => {
    await page.getByRole("searchbox").fill(line);
    await page.getByRole("searchbox").press("Enter");
  };
  await page.getByRole("link", { name: "acme.happened" }).waitFor();
  await search("type:acme.happened before:1h");
  await page.getByText("No event fits.").waitFor();
  const { searchParams } = new URL(page.url());
  assert.ok(
    Date.parse(searchParams.get("until") ?? "") < Date.now() - 3_000_000,
    "the address has the moment",
  );
  await search("after:1h");
  await page.getByRole("link", { name: "acme.happened" }).waitFor();
  await search("tenant:globex");
  await page.getByRole("link", { name: "globex.happened" }).waitFor();
  await search("state:dead type:globex.happened");
  await page.getByRole("heading", { name: "Deliveries" }).waitFor();
  assert.match(page.url(), /\/t\/globex\/deliveries\?.*state=dead/);
  assert.match(page.url(), /type=globex\.happened/);
  await page.goto(`${server.url}/dashboard/t/acme/events`);
  await search(ids[0] ?? "");
  await page.getByRole("heading", { name: "acme.happened" }).waitFor();
  assert.deepEqual(faults, []);
});
