/** No screen runs what it shows: every field of an installation is a script, in a real browser. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { until } from "../e2e/installation.ts";
import { type Receiver, startReceiver } from "../e2e/receiver.ts";
import { assertAccessible, openPage, startChromium } from "./chromium.ts";
import { type FirstStart, firstStart, signInByKey } from "./first-start.ts";
import { ROUTES_SHOWN } from "./pictured-screens.ts";

const browser = await startChromium();
const skip = browser === undefined && "there is no Chromium, and none can be installed: install `chromium`";

const CANARY = `<img src=x onerror="alert('canary')"><script>alert("canary")</script>`;
/** In the name of a file, which has no slashes. */
const IN_PATH = `<img src=x onerror=alert('canary')>`;

interface Screen {
  readonly route: string;
  readonly path: string;
  /** Has a canary in it, or says that the screen is there. */
  readonly shown: string;
  readonly act?: (page: Page) => Promise<void>;
}

let server: FirstStart;
let receiver: Receiver;
let screens: readonly Screen[] = [];

before(async () => {
  if (browser === undefined) {
    return;
  }
  [server, receiver] = await Promise.all([
    firstStart({ POSTHORN_DATABASE_URL: `sqlite:./${IN_PATH}.db` }),
    startReceiver(),
  ]);
  screens = await canaryTenant();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await receiver?.close();
});

/** Makes a tenant whose every field is a script, and says where each screen is and what it then shows. */
async function canaryTenant(): Promise<readonly Screen[]> {
  const { client } = server;
  receiver.answer(() => ({ status: 500, headers: { "content-type": "text/html" }, body: CANARY }));
  await client.createTenant({ id: "canary", name: CANARY });
  const { id: endpoint } = await client.createEndpoint("canary", {
    url: `${receiver.url}/${encodeURIComponent(CANARY)}`,
    description: CANARY,
    event_types: ["*"],
    metadata: { [CANARY.slice(0, 40)]: CANARY },
    retry: { delays_ms: [] },
  });
  const type = CANARY.slice(0, 120);
  const { id } = await client.sendEvent("canary", { type, subject: CANARY, data: { [CANARY]: CANARY } });
  const attempts = async () => (await client.listAttempts("canary", { event: id }).page()).data;
  await until("the event was tried", async () => (await attempts()).length > 0);
  await client.registerEventType("canary", {
    name: type,
    description: CANARY,
    schema: { type: "object", description: CANARY, properties: { [CANARY]: { const: CANARY } } },
    example: { [CANARY]: CANARY },
  });
  await client.createReplay("canary", {
    endpoint,
    since: "2026-01-01T00:00:00Z",
    only: "all",
    types: [type],
    rate: 0.01,
  });
  await client.createKey("canary", { name: CANARY, role: "viewer" });
  const attempt = (await attempts())[0]?.id ?? "";
  const of = (route: string, shown: string, path = route): Screen => ({
    route: `/t/$tenant/${route}`,
    path: `t/canary/${path}`,
    shown,
  });
  const query = `?type=${encodeURIComponent(type)}`;
  return [
    { route: "/tenants", path: "tenants", shown: CANARY },
    { route: "/traffic", path: "traffic", shown: "All traffic" },
    { route: "/audit", path: "audit", shown: type },
    { route: "/system", path: "system", shown: IN_PATH },
    of("overview", "status 500"),
    of("endpoints", CANARY),
    of("endpoints/new", "Create endpoint"),
    of("endpoints/$endpoint", type, `endpoints/${endpoint}`),
    of("events", CANARY),
    of("events/$event", CANARY, `events/${id}`),
    of("attempts/$attempt", CANARY, `attempts/${attempt}`),
    of("deliveries", type),
    of("dead-letters", type),
    of("replays", type),
    of("playground", "Send event", `playground${query}`),
    of("event-types", CANARY, `event-types${query}`),
    of("contracts", "A hold waits"),
    { ...of("verify", "Verify a request"), act: verify },
    of("keys", CANARY),
    { ...of("audit", type), act: findInPalette },
  ];
}

/** In every field of the helper, which says of each what is wrong with it. */
async function verify(page: Page): Promise<void> {
  for (const headers of [
    CANARY,
    `webhook-id: ${CANARY}\nwebhook-timestamp: ${CANARY}\nwebhook-signature: x`,
  ]) {
    await page.getByLabel("Headers").fill(headers);
    await page.getByLabel("Body").fill(CANARY);
    await page.getByLabel("Secret").fill(CANARY);
    await page.getByRole("button", { name: "Verify", exact: true }).click();
    await page.locator("main").getByRole("status").filter({ hasText: "✗" }).waitFor();
  }
}

async function findInPalette(page: Page): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("<img");
  await page.getByRole("option", { name: CANARY }).first().waitFor();
  await page.keyboard.press("Escape");
}

for (const colorScheme of ["light", "dark"] as const) {
  // One test would have one test's time for all of them.
  for (const part of [1, 2]) {
    test(`no screen runs what it shows, and each is for everybody, in the ${colorScheme}, part ${part}`, {
      skip,
    }, async () => {
      assert.ok(browser);
      const { page, faults } = await openPage(browser, { colorScheme });
      await signInByKey(page, server);
      const routes = await page.evaluate<string[]>(ROUTES_SHOWN);
      assert.deepEqual(screens.map(({ route }) => route).toSorted(), routes.toSorted());
      for (const { path, shown, act } of screens.filter((_, at) => at % 2 === part - 1)) {
        await page.goto(`${server.url}/dashboard/${path}`);
        await page.locator("main").getByText(shown).first().waitFor();
        await act?.(page);
        await assertAccessible(page, path);
      }
      assert.deepEqual(faults, []);
      await page.context().close();
    });
  }
}
