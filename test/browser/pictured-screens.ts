import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import type { Page } from "playwright-core";
import type { Sample } from "./sample.ts";

/** A screen as documents show it, and as the walk at the width of a telephone sees it. */
export interface PicturedScreen {
  /** Of its picture. */
  readonly name: string;
  /** The route of the router that it is of. */
  readonly route: string;
  /** Behind `/dashboard/` or `/portal/`. */
  readonly path: string;
  /** Says that it is there. */
  readonly shown: string | RegExp;
  /** What somebody does there. Default: nothing. */
  readonly act?: (page: Page) => Promise<void>;
}

/** Routes that show something, as the router of the page that is open has them. */
export const ROUTES_SHOWN = `Object.entries(self.__TSR_ROUTER__.routesByPath)
  .filter(([, route]) => route.options.component !== undefined)
  .map(([path]) => path)`;

/** Every screen of the dashboard, with something on it. */
export function picturedScreens(sample: Sample): readonly PicturedScreen[] {
  const ofTenant = (
    route: string,
    shown: string | RegExp,
    { name = route, path = `t/acme/${route}`, ...more }: Partial<PicturedScreen> = {},
  ): PicturedScreen => ({ name, route: `/t/$tenant/${route}`, path, shown, ...more });
  return [
    { name: "tenants", route: "/tenants", path: "tenants", shown: "Corner Coffee" },
    { name: "traffic", route: "/traffic", path: "traffic", shown: "rejected or dead." },
    { name: "all-changes", route: "/audit", path: "audit", shown: "pauseReplay" },
    { name: "system", route: "/system", path: "system", shown: "answers you" },
    ofTenant("overview", "rejected or dead."),
    ofTenant("endpoints", "Paused by someone"),
    ofTenant("endpoints/new", "Create endpoint", { name: "new-endpoint", act: fillInEndpoint }),
    ofTenant("endpoints/$endpoint", "Latest deliveries", {
      name: "endpoint",
      path: `t/corner-coffee/endpoints/${sample.shop}`,
    }),
    ofTenant("events", "invoice.paid"),
    ofTenant("events/$event", "attempt 1", { name: "event", path: `t/acme/events/${sample.event}` }),
    ofTenant("attempts/$attempt", "Copy as curl", {
      name: "attempt",
      path: `t/northbank/attempts/${sample.attempt}`,
    }),
    ofTenant("deliveries", "delivered"),
    ofTenant("dead-letters", "status 404", { path: `t/acme/dead-letters?endpoint=${sample.legacy}` }),
    ofTenant("replays", "at most 0.2 a second"),
    ofTenant("playground", "Send event", { path: "t/acme/playground?type=invoice.paid", act: sendOne }),
    ofTenant("event-types", "TypeScript", {
      path: "t/atelier-nord/event-types?contract=bspk&type=shopper.updated",
    }),
    ofTenant("contracts", "payload", { path: `t/atelier-nord/contracts?event=${sample.imported}` }),
    ofTenant("verify", "Secret", { act: verify }),
    ofTenant("keys", "shop server"),
    ofTenant("audit", "pauseReplay"),
  ];
}

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

async function fillInEndpoint(page: Page): Promise<void> {
  await page.getByLabel("URL", { exact: true }).fill("https://hooks.example.com/orders");
  await page.getByLabel("Event types").fill("order.*, refund.created");
  await page.getByLabel("Description").fill("Orders to the partner");
  await page.getByRole("button", { name: "Add a header" }).click();
  await page.getByLabel("Name of header 1").fill("X-Partner");
  await page.getByLabel("Value of X-Partner").fill("hooks-eu-1");
}

async function sendOne(page: Page): Promise<void> {
  await page.getByLabel("Subject").fill("customer 1042");
  await page.getByRole("button", { name: "Send event" }).click();
  await page
    .getByText(/attempt \d ✓ 200/)
    .first()
    .waitFor();
}

/** A body that was printed anew on its way: what people ask most about. */
async function verify(page: Page): Promise<void> {
  const id = "evt_5dade1ff32c2ae28";
  const now = await page.evaluate<string>(`fetch(".").then(({ headers }) => headers.get("date"))`);
  const sentAt = Math.floor(Date.parse(now) / 1000);
  const data = { type: "invoice.paid", data: { invoice: "I-4100", order: "O-4100" } };
  const signature = createHmac("sha256", Buffer.from(SECRET.slice("whsec_".length), "base64"))
    .update(`${id}.${sentAt}.${JSON.stringify(data)}`)
    .digest("base64");
  const headers = { id, timestamp: sentAt, signature: `v1,${signature}` };
  const lines = Object.entries(headers).map(([name, value]) => `webhook-${name}: ${value}`);
  await page.getByLabel("Headers").fill(lines.join("\n"));
  await page.getByLabel("Body").fill(JSON.stringify(data, undefined, 2));
  await page.getByLabel("Secret").fill(SECRET);
  await page.getByRole("button", { name: "Verify", exact: true }).click();
  await page.getByText("white space of the body was changed", { exact: false }).waitFor();
}

/** What a customer sees by a link of the portal, which is to one tenant. */
export function picturedPortal(sample: Sample): readonly PicturedScreen[] {
  const of = (name: string, path?: string): PicturedScreen => {
    const screen = picturedScreens(sample).find((one) => one.name === name);
    assert.ok(screen);
    return { ...screen, name: `portal-${name}`, path: path ?? screen.path };
  };
  return [
    of("endpoints"),
    of("new-endpoint"),
    of("endpoint", `t/acme/endpoints/${sample.crm}`),
    of("events"),
    of("event"),
    of("attempt", `t/acme/attempts/${sample.refused}`),
    of("deliveries"),
    of("dead-letters"),
    of("replays"),
    of("event-types", "t/acme/event-types?type=invoice.paid"),
    of("verify"),
  ];
}
