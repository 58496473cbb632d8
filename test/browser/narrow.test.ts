/** Every screen on a telephone, in a real browser, over an installation with something on each of them. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { assertAccessible, openPage, startChromium } from "./chromium.ts";
import { type FirstStart, firstStart, signInByKey } from "./first-start.ts";
import { type PicturedScreen, picturedPortal, picturedScreens, ROUTES_SHOWN } from "./pictured-screens.ts";
import { fillSample, type Sample } from "./sample.ts";
import { type SampleReceivers, startSampleReceivers } from "./sample-receivers.ts";

const browser = await startChromium();
const skip = browser === undefined && "there is no Chromium, and none can be installed: install `chromium`";

const WIDTH = 390;
const MINUTES = 5;

/**
 * What is seen beyond the edges; also in a box that is scrolled, if somebody must come to it: a payload may
 * be wider than a telephone, a button may not.
 */
const BEYOND = `[...document.querySelectorAll("body *")].filter((element) => {
  const { left, right, width, height } = element.getBoundingClientRect();
  const isSeen = width > 1 && height > 1 && getComputedStyle(element).visibility === "visible";
  const isBeyond = left < -1 || right > innerWidth + 1;
  const isControl = element.matches("a, button, input, select, textarea, summary");
  return isSeen && isBeyond && (isControl || element.closest("pre, [data-chart], .overflow-auto") === null);
}).map((element) => element.outerHTML.slice(0, 120))`;

let server: FirstStart;
let receivers: SampleReceivers;
let sample: Sample;

before(async () => {
  if (browser === undefined) {
    return;
  }
  receivers = await startSampleReceivers();
  server = await firstStart(receivers.environment);
  sample = await fillSample({ server, receivers, minutes: MINUTES });
});
after(async () => {
  await browser?.close();
  await server?.stop();
  receivers?.close();
});

async function walk(page: Page, application: string, screens: readonly PicturedScreen[]): Promise<void> {
  for (const { name, path, shown, act } of screens) {
    await page.goto(`${server.url}/${application}/${path}`);
    await page.locator("main").getByText(shown).first().waitFor();
    await act?.(page);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await assertAccessible(page, `${name} in the ${colorScheme}`);
    }
    const width = await page.evaluate<number>("document.documentElement.scrollWidth");
    assert.ok(width <= WIDTH, `${name} is ${width} wide`);
    assert.deepEqual(await page.evaluate<string[]>(BEYOND), [], name);
  }
}

function partOf(screens: readonly PicturedScreen[], part: number, parts: number): readonly PicturedScreen[] {
  return screens.filter((_, at) => at % parts === part - 1);
}

// One test would have one test's time for all of them.
for (const part of [1, 2, 3]) {
  test(`every screen of the dashboard fits a telephone, in the light and in the dark, part ${part}`, {
    skip,
  }, async () => {
    assert.ok(browser);
    const { page, faults } = await openPage(browser, { viewport: { width: WIDTH, height: 844 } });
    await signInByKey(page, server);
    const screens = picturedScreens(sample);
    const routes = await page.evaluate<string[]>(ROUTES_SHOWN);
    assert.deepEqual(screens.map(({ route }) => route).toSorted(), routes.toSorted());
    await walk(page, "dashboard", partOf(screens, part, 3));
    assert.deepEqual(faults, []);
    await page.context().close();
  });
}

for (const part of [1, 2]) {
  test(`every screen of the portal fits a telephone, in the light and in the dark, part ${part}`, {
    skip,
  }, async () => {
    assert.ok(browser);
    const { page, faults } = await openPage(browser, { viewport: { width: WIDTH, height: 844 } });
    await page.goto((await server.client.createPortalSession("acme")).url);
    await page.getByRole("heading", { name: "Endpoints" }).waitFor();
    const screens = picturedPortal(sample);
    const led = await page.evaluate<string[]>(
      `[...document.querySelectorAll("nav a")].map(({ pathname }) => pathname.replace("/portal/", ""))`,
    );
    const walked = screens.map(({ path }) => path.replace(/\?.*/, ""));
    assert.deepEqual(
      led.filter((path) => !walked.includes(path)),
      [],
    );
    await walk(page, "portal", partOf(screens, part, 2));
    assert.deepEqual(faults, []);
    await page.context().close();
  });
}

test("on a telephone the screens are behind a button, and go when one is chosen", { skip }, async () => {
  assert.ok(browser);
  const { page, faults } = await openPage(browser, { viewport: { width: WIDTH, height: 844 } });
  await signInByKey(page, server);
  await page.goto(`${server.url}/dashboard/t/acme/events`);
  await page.getByRole("heading", { level: 1, name: "Events" }).waitFor();
  const link = page.getByRole("link", { name: "Replays", exact: true });
  assert.equal(await link.count(), 0);
  await page.getByRole("button", { name: "Screens" }).click();
  await assertAccessible(page, "the screens");
  assert.deepEqual(await page.evaluate<string[]>(BEYOND), []);
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  await link.click();
  await page.getByRole("heading", { level: 1, name: "Replays" }).waitFor();
  assert.equal(await link.count(), 0);
  assert.deepEqual(faults, []);
  await page.context().close();
});
