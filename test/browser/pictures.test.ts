/**
 * Holds the pictures of the documents to the screens that there are. Makes them anew into the folder that
 * TEST_PICTURES names: they change with every run, so they are made where somebody asks for it.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { until } from "../e2e/installation.ts";
import { openPage, startChromium } from "./chromium.ts";
import { type FirstStart, firstStart, signInByKey } from "./first-start.ts";
import { withPalette } from "./palette-png.ts";
import { type PicturedScreen, picturedPortal, picturedScreens } from "./pictured-screens.ts";
import { fillSample, type Sample } from "./sample.ts";
import { startSampleReceivers } from "./sample-receivers.ts";

const DOCUMENTS = join(import.meta.dirname, "../../docs");
const PAGE = join(DOCUMENTS, "guides/dashboard-screens.md");
const FOLDER = process.env["TEST_PICTURES"];

/** Who reads documents on the way pays for what they load. */
const ALL_BYTES_MAX = 3 * 1024 * 1024;

/** Of each screen in the light; of these also in the dark, or on a telephone. */
const DARK = ["overview", "endpoints", "event", "attempt"];
const NARROW = ["overview", "event"];

const NOWHERE = { billing: "", crm: "", legacy: "", statistics: "", shop: "" };
const NAMES = picturedNames({ ...NOWHERE, event: "", refused: "", imported: "", attempt: "" });

function picturedNames(sample: Sample): readonly string[] {
  const screens = [...picturedScreens(sample), ...picturedPortal(sample)];
  return [
    ...screens.map(({ name }) => `${name}-light.png`),
    ...DARK.map((name) => `${name}-dark.png`),
    ...NARROW.map((name) => `${name}-narrow.png`),
    "palette-light.png",
  ];
}

test("the documents have a picture of every screen, and show each, and no others", () => {
  const stored = readdirSync(join(DOCUMENTS, "pictures"));
  assert.deepEqual(stored.toSorted(), NAMES.toSorted());
  const page = readFileSync(PAGE, "utf8");
  const shown = [...page.matchAll(/!\[[^\]]+\]\(\.\.\/pictures\/([^)]+)\)/g)].map(([, name]) => name ?? "");
  assert.deepEqual(shown.toSorted(), NAMES.toSorted());
  const bytes = stored.map((name) => readFileSync(join(DOCUMENTS, "pictures", name)).length);
  assert.ok(bytes.reduce((sum, one) => sum + one, 0) <= ALL_BYTES_MAX);
});

const WIDE = { width: 1240, height: 640 };
const HEIGHT_MAX = 1000;
const TELEPHONE = { width: 390, height: 844 };
const TELEPHONE_HEIGHT_MAX = 1100;
const MINUTES = 55;

interface Studio {
  readonly browser: Browser;
  readonly server: FirstStart;
  readonly folder: string;
}

/** Makes a picture of a whole page, as far as it is not too long for one. */
async function take(page: Page, { folder }: Studio, name: string): Promise<void> {
  const isNarrow = name.endsWith("-narrow");
  const { width, height } = isNarrow ? TELEPHONE : WIDE;
  const loading = page.locator("main").getByText("Loading…");
  await until(`${name} is there`, async () => (await loading.count()) === 0);
  const whole = await page.evaluate<number>("document.documentElement.scrollHeight");
  const most = isNarrow ? TELEPHONE_HEIGHT_MAX : HEIGHT_MAX;
  await page.setViewportSize({ width, height: Math.min(most, Math.max(height, whole)) });
  // Where the mouse is, something may look pointed at.
  await page.mouse.move(0, 0);
  await page.evaluate("scrollTo(0, 0)");
  const png = await page.screenshot({ animations: "disabled" });
  writeFileSync(join(folder, `${name}.png`), withPalette(png));
  await page.setViewportSize({ width, height });
}

interface Round {
  readonly application: "dashboard" | "portal";
  readonly screens: readonly PicturedScreen[];
  /** Of the names of its pictures. */
  readonly ending: "light" | "dark" | "narrow";
}

async function takeAll(page: Page, studio: Studio, { application, screens, ending }: Round): Promise<void> {
  for (const { name, path, shown, act } of screens) {
    await page.goto(`${studio.server.url}/${application}/${path}`);
    await page.locator("main").getByText(shown).first().waitFor();
    await act?.(page);
    await take(page, studio, `${name}-${ending}`);
  }
}

/** With clocks of 24 hours. */
async function openStudio({ browser }: Studio, ending: Round["ending"]): Promise<Page> {
  const { page } = await openPage(browser, {
    locale: "en-GB",
    colorScheme: ending === "dark" ? "dark" : "light",
    viewport: ending === "narrow" ? TELEPHONE : WIDE,
  });
  return page;
}

if (FOLDER !== undefined) {
  test("pictures are made", { timeout: 900_000 }, async (t) => {
    const [browser, receivers] = await Promise.all([startChromium(), startSampleReceivers()]);
    assert.ok(browser);
    const server = await firstStart(receivers.environment);
    t.after(async () => {
      await Promise.all([browser.close(), server.stop()]);
      receivers.close();
    });
    const studio = { browser, server, folder: FOLDER };
    const sample = await fillSample({ server, receivers, minutes: MINUTES });
    const screens = picturedScreens(sample);
    const application = "dashboard";
    const named = (names: readonly string[]) => screens.filter(({ name }) => names.includes(name));

    const light = await openStudio(studio, "light");
    await signInByKey(light, server);
    await takeAll(light, studio, { application, screens, ending: "light" });
    await light.goto(`${server.url}/dashboard/t/acme/overview`);
    await light.getByText("rejected or dead.").first().waitFor();
    await light.keyboard.press("Control+k");
    await light.getByRole("combobox").fill("bright");
    await light
      .getByRole("option", { name: /brightside/ })
      .first()
      .waitFor();
    await take(light, studio, "palette-light");
    const dark = await openStudio(studio, "dark");
    await signInByKey(dark, server);
    await takeAll(dark, studio, { application, screens: named(DARK), ending: "dark" });
    const narrow = await openStudio(studio, "narrow");
    await signInByKey(narrow, server);
    await takeAll(narrow, studio, { application, screens: named(NARROW), ending: "narrow" });
    const portal = await openStudio(studio, "light");
    // In the colours of the application that it belongs to.
    await portal.goto(
      `${(await server.client.createPortalSession("acme")).url}&accent=%230a7d4f&accent-soft=%23e2f4ec`,
    );
    await portal.getByRole("heading", { name: "Endpoints" }).waitFor();
    const ofPortal = { application: "portal", screens: picturedPortal(sample), ending: "light" } as const;
    await takeAll(portal, studio, ofPortal);
  });
}
