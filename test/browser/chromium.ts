import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";
import { installDebianPackage } from "../../server/src/debian-package-fixture.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const PLACES = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/** Starts a browser: one that is installed, or Debian's. Undefined: there is none, and none can be had. */
export async function startChromium(): Promise<Browser | undefined> {
  const path = findInstalled() ?? (installDebianPackage("chromium") ? findInstalled() : undefined);
  if (path === undefined) {
    return undefined;
  }
  // Root has no sandbox to be in; what is shown comes from this machine alone.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return await chromium.launch({ executablePath: path, args });
}

function findInstalled(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...PLACES].find(
    existsSync,
  );
}

/** A page, and everything that must not happen on it. */
export interface WatchedPage {
  readonly page: Page;
  /** Scripts that ran, errors, and what the page's policy refused. */
  readonly faults: readonly string[];
}

/** Opens a page that notes what no page may do. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  // A slow machine is no fault.
  page.setDefaultTimeout(30_000);
  const faults: string[] = [];
  page.on("pageerror", ({ message }) => faults.push(`error: ${message}`));
  page.on("dialog", (dialog) => {
    faults.push(`script: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (/content security policy/i.test(message.text())) {
      faults.push(`policy: ${message.text()}`);
    }
  });
  page.on("request", (request) => {
    if (!request.url().startsWith("http://127.0.0.1:")) {
      faults.push(`elsewhere: ${request.url()}`);
    }
  });
  return { page, faults };
}

/** The editor for JSON that has a label, once it has been loaded. */
export function editorOf(page: Page, label: string): Locator {
  return page.locator(`.cm-content[aria-label="${label}"]`);
}

/** Writes a text over what an editor has, as a keyboard does: `fill` would go past its handlers. */
export async function writeInto(page: Page, label: string, text: string): Promise<void> {
  await editorOf(page, label).press("Control+a");
  await page.keyboard.insertText(text);
}

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Checks that a screen keeps what axe knows of WCAG 2.2 A and AA. */
export async function assertAccessible(page: Page, name: string): Promise<void> {
  await page.evaluate(AXE);
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const violations = await page.evaluate<readonly Violation[]>(
    `axe.run({ runOnly: ${JSON.stringify(tags)} }).then(({ violations }) => violations)`,
  );
  const said = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
  assert.deepEqual(said, [], name);
}
