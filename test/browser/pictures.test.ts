/**
 * Makes the pictures of the dashboard that documents show, into the folder that POSTHORN_PICTURES names: they
 * change with every run, so they are made where somebody asks for it.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { startReceiver } from "../e2e/receiver.ts";
import { openPage, startChromium } from "./chromium.ts";
import { type FirstStart, firstStart, signInByKey } from "./first-start.ts";

const FOLDER = process.env["POSTHORN_PICTURES"];

if (FOLDER !== undefined) {
  test("every screen has a picture, in the light and in the dark", async (t) => {
    const [browser, server, receiver] = await Promise.all([startChromium(), firstStart(), startReceiver()]);
    assert.ok(browser);
    t.after(async () => await Promise.all([browser.close(), server.stop(), receiver.close()]));
    receiver.answer(({ path }) =>
      path === "/crm/old"
        ? { status: 500, body: "the table is locked" }
        : { status: path === "/crm" ? 503 : 204, body: "" },
    );
    const screens = await sample(server, receiver.url);
    for (const colorScheme of ["light", "dark"] as const) {
      const { page } = await openPage(browser, { colorScheme, viewport: { width: 1200, height: 720 } });
      await signInByKey(page, server);
      for (const [name, path, shown] of screens) {
        await page.goto(`${server.url}/dashboard/${path}`);
        await page.getByText(shown).first().waitFor();
        // What an overview has charts of is below the figures.
        const height = name === "overview" || name === "traffic" ? 1000 : 720;
        await page.setViewportSize({ width: 1200, height });
        await page.screenshot({ path: join(FOLDER, `${name}-${colorScheme}.png`) });
      }
    }
  });
}

const TYPES = ["invoice.paid", "order.created", "customer.updated"];

async function sample({ client }: FirstStart, receiverUrl: string) {
  await client.createTenant({ id: "acme", name: "Acme" });
  const make = async (path: string, more: object) =>
    await client.createEndpoint("acme", { url: `${receiverUrl}/${path}`, ...more });
  await make("billing", { description: "billing", event_types: ["invoice.*"] });
  await make("warehouse", { description: "warehouse", event_types: ["order.*"] });
  const { id: gone } = await make("crm/old", { description: "the old CRM", retry: { delays_ms: [] } });
  const { id } = await client.sendEvent("acme", {
    type: "invoice.paid",
    subject: "customer 7",
    data: { id: 9007199254740991, total: "199.00", lines: [{ sku: "A-1", count: 2 }] },
  });
  for (let count = 0; count < 24; count += 1) {
    const type = TYPES[count % TYPES.length] ?? "";
    await client.sendEvent("acme", { type, subject: `customer ${count % 9}`, data: { id: count } });
  }
  await make("crm", { description: "CRM sync" });
  await client.sendEvent("acme", { type: "customer.updated", subject: "customer 3", data: { id: 3 } });
  return [
    ["tenants", "tenants", "Acme"],
    ["overview", "t/acme/overview", "rejected or dead."],
    ["traffic", "traffic", "rejected or dead."],
    ["endpoints", "t/acme/endpoints", "held for"],
    ["endpoint", `t/acme/endpoints/${gone}`, "Latest deliveries"],
    ["events", "t/acme/events", "customer 3"],
    ["event", `t/acme/events/${id}`, "attempt 1"],
    ["deliveries", "t/acme/deliveries", "status 503"],
    ["dead-letters", `t/acme/dead-letters?endpoint=${gone}`, "status 500"],
    ["replays", "t/acme/replays", "Replays"],
    ["playground", "t/acme/playground?type=invoice.paid", "Send event"],
  ] as const;
}
