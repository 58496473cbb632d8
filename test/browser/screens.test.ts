/** Every screen of the router: while it loads, where the server fails, where nothing is yet, what it asks. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page, Route } from "playwright-core";
import { type Call, FIRST_VIEWS, findShown, type Shown } from "../../bench/first-views.ts";
import { until } from "../e2e/installation.ts";
import { type Receiver, startReceiver } from "../e2e/receiver.ts";
import { openPage, startChromium } from "./chromium.ts";
import { type FirstStart, firstStart, signInByKey } from "./first-start.ts";

const browser = await startChromium();
const skip = browser === undefined && "there is no Chromium, and none can be installed: install `chromium`";

/** Of routes that show something: a new one is among them. */
const PATHS = `Object.entries(self.__TSR_ROUTER__.routesByPath)
  .filter(([, route]) => route.options.component !== undefined)
  .map(([path]) => path)`;

/** What is pasted there goes nowhere. */
const ASKS_NOTHING = ["/t/$tenant/verify"];

/** Where something always is: a form, a sample, the installation's own tenant, or that it was created. */
const NEVER_EMPTY = [
  "/tenants",
  "/traffic",
  "/system",
  "/audit",
  "/t/$tenant/audit",
  "/t/$tenant/contracts",
  "/t/$tenant/endpoints/new",
  "/t/$tenant/playground",
  "/t/$tenant/verify",
];

/** Overviews ask for figures since a moment, which no list can hold; verifying asks nothing. */
const NOT_MEASURED = ["overview", "traffic", "verify"];

/** The client makes no second try of its own after this one. */
const PROBLEM = {
  status: 503,
  contentType: "application/problem+json",
  body: JSON.stringify({ status: 503, code: "disk_nearly_full", title: "Full", detail: "Full." }),
};

type Mode = "held" | "failing" | "through";

interface Gate {
  let(mode: Mode): Promise<void>;
  /** What was asked since it was held. */
  readonly asked: readonly string[];
}

/** Stands between a page and the API; there is no live stream, which would read anew in between. */
async function gateOf(page: Page): Promise<Gate> {
  let mode: Mode = "through";
  let held: Route[] = [];
  const asked: string[] = [];
  const pass = async (route: Route) =>
    await (mode === "failing" ? route.fulfill(PROBLEM) : route.continue()).catch(() => undefined);
  await page.route(/\/v1\//, async (route) => {
    const { pathname, searchParams } = new URL(route.request().url());
    if (pathname.endsWith("/v1/session")) {
      await route.continue();
      return;
    }
    if (pathname.endsWith("/stream")) {
      await route.fulfill({ ...PROBLEM, status: 403 });
      return;
    }
    searchParams.delete("cursor");
    const query = searchParams.size === 0 ? "" : `?${searchParams}`;
    asked.push(`${route.request().method()} ${pathname}${query}`);
    if (mode === "held") {
      held.push(route);
    } else {
      await pass(route);
    }
  });
  return {
    asked,
    async let(next) {
      mode = next;
      if (next === "held") {
        asked.length = 0;
      }
      const waiting = held;
      held = [];
      await Promise.all(waiting.map(pass));
    },
  };
}

function addressOf(path: string, ids: Readonly<Record<string, string>>): string {
  return path
    .slice(1)
    .replaceAll(/\$(\w+)/g, (_, name: string) => ids[name] ?? assert.fail(`the walk knows a $${name}`));
}

const namesThing = (path: string) => path.replace("$tenant", "").includes("$");

// Not in one suite: it would have one test's time for all of them.
let server: FirstStart;
let receiver: Receiver;
let shown: Shown;

before(async () => {
  if (browser === undefined) {
    return;
  }
  [server, receiver] = await Promise.all([firstStart(), startReceiver()]);
  const { client, url: origin, adminKey } = server;
  await client.createTenant({ id: "empty", name: "Empty" });
  await client.createTenant({ id: "acme", name: "Acme" });
  receiver.answer(() => ({ status: 500 }));
  await client.createEndpoint("acme", { url: `${receiver.url}/hooks` });
  await client.createEndpoint("acme", { url: `${receiver.url}/once`, retry: { delays_ms: [] } });
  await client.sendEvent("acme", { type: "invoice.paid", data: { id: 1 } });
  await until("the event was tried", async () => {
    return (await client.listAttempts("acme").page()).data.length > 1;
  });
  shown = await findShown({ origin, authorization: `Bearer ${adminKey}` }, "acme");
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await receiver?.close();
});

const WAYS_IN = {
  async dashboard(page: Page) {
    await signInByKey(page, server);
    return await page.evaluate<string[]>(PATHS);
  },
  /** The screens that its navigation has, and those of one thing. */
  async portal(page: Page, tenant: string) {
    await page.goto((await server.client.createPortalSession(tenant)).url);
    await page.getByRole("heading", { name: "Endpoints" }).waitFor();
    const links = await page.evaluate<string[]>(
      `[...document.querySelectorAll("nav a")].map((link) => new URL(link.href).pathname)`,
    );
    const paths = await page.evaluate<string[]>(PATHS);
    return paths.filter((path) => {
      const here = path.replace("$tenant", tenant);
      return namesThing(path) || links.some((link) => `/portal${here}`.startsWith(link));
    });
  },
} as const;

for (const application of ["dashboard", "portal"] as const) {
  test(`every screen of the ${application} says that it loads, what failed, and how to try again`, {
    skip,
  }, async () => {
    assert.ok(browser);
    const { page, faults } = await openPage(browser);
    const paths = await WAYS_IN[application](page, "acme");
    assert.ok(paths.includes("/t/$tenant/events/$event"));
    const gate = await gateOf(page);
    for (const path of paths) {
      await gate.let("held");
      await page.goto(`${server.url}/${application}/${addressOf(path, { ...shown })}`);
      const main = page.locator("main");
      await main.getByRole("heading", { level: 1 }).waitFor();
      if (ASKS_NOTHING.includes(path)) {
        assert.deepEqual(gate.asked, [], path);
        continue;
      }
      await seen(main.getByRole("status").filter({ hasText: "Loading…" }), `${path} says that it loads`);
      await gate.let("failing");
      const failed = main.getByRole("alert").filter({ hasText: "disk_nearly_full" });
      const again = failed.getByRole("button", { name: "Try again" });
      await seen(again, `${path} says what failed, and tries again`);
      await gate.let("through");
      await until(`${path} is there`, async () => {
        if ((await again.count()) > 0) {
          await again
            .first()
            .click({ timeout: 1000 })
            .catch(() => undefined);
        }
        return (await failed.count()) === 0 && (await main.getByText("Loading…").count()) === 0;
      });
      assert.equal(await main.getByRole("alert").count(), 0, path);
    }
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test(`every screen of the ${application} teaches where nothing is yet, and says what is not there`, {
    skip,
  }, async () => {
    assert.ok(browser);
    const { page, faults } = await openPage(browser);
    const paths = await WAYS_IN[application](page, "empty");
    await gateOf(page);
    const nowhere = { ...shown, tenant: "empty" };
    for (const path of paths.filter((one) => !NEVER_EMPTY.includes(one))) {
      await page.goto(`${server.url}/${application}/${addressOf(path, nowhere)}`);
      const main = page.locator("main");
      if (namesThing(path)) {
        await seen(main.getByRole("alert").filter({ hasText: "not_found" }), `${path} is not there`);
      } else {
        await seen(main.locator("[data-empty]").locator("a, pre"), `${path} teaches`);
      }
    }
    assert.deepEqual(faults, []);
    await page.context().close();
  });
}

test("every screen asks for what the benchmark of first views asks for, and nothing else", {
  skip,
}, async () => {
  assert.ok(browser);
  const { page } = await openPage(browser);
  const paths = await WAYS_IN.dashboard(page);
  const gate = await gateOf(page);
  const measured: string[] = [];
  for (const [screen, callsOf] of Object.entries(FIRST_VIEWS)) {
    const path = pathOf(screen, paths);
    measured.push(path);
    await gate.let("held");
    await gate.let("through");
    const [, filters] = screen.split("?");
    const address = addressOf(path, { ...shown });
    await page.goto(`${server.url}/dashboard/${address}${filters === undefined ? "" : `?${filters}`}`);
    const expected = new Set(callsOf(shown).map(textOf));
    await until(`${screen} has asked for ${[...expected].join(", ")}: ${gate.asked.join(", ")}`, () =>
      [...expected].every((call) => gate.asked.includes(call)),
    );
    await page.waitForLoadState("networkidle");
    assert.deepEqual([...new Set(gate.asked)].toSorted(), [...expected].toSorted(), screen);
  }
  const left = NOT_MEASURED.map((screen) => pathOf(screen, paths));
  assert.deepEqual([...new Set([...measured, ...left])].toSorted(), paths.toSorted());
  await page.context().close();
});

async function seen(what: ReturnType<Page["locator"]>, name: string): Promise<void> {
  await what
    .first()
    .waitFor()
    .catch((cause: unknown) => {
      throw new Error(`waited in vain until ${name}`, { cause });
    });
}

/** The route of a screen, by the name that the list of first views has for it. */
function pathOf(screen: string, paths: readonly string[]): string {
  const [name = ""] = screen.split("?");
  const possible = [`/t/$tenant/${name}`, `/t/$tenant/${name}s/$${name}`, `/${name}`];
  const found = screen === "all changes" ? "/audit" : possible.find((path) => paths.includes(path));
  return found ?? assert.fail(`the router has the screen ${name}`);
}

const textOf = ({ path, body }: Call) => `${body === undefined ? "GET" : "POST"} ${path}`;
