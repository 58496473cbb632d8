import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { freePort } from "../../bench/free-port.ts";
import { type Client, createClient } from "../../client/client.ts";

export interface FirstStart {
  readonly url: string;
  /** As it is printed for a person. */
  readonly signInUrl: string;
  readonly adminKey: string;
  readonly client: Client;
  stop(): Promise<void>;
}

/** Does what `npm start` does in an empty folder, with more of the environment, and reads what it prints. */
export async function firstStart(more: Readonly<Record<string, string>> = {}): Promise<FirstStart> {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-browser-"));
  const program = join(import.meta.dirname, "../../scripts/start.ts");
  const child = spawn(process.execPath, [program, "start"], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", POSTHORN_PORT: String(await freePort()), ...more },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  child.stderr.on("data", (chunk: Buffer) => void (printed += chunk.toString("utf8")));
  // It may build the dashboard first; a server that cannot start ends.
  await new Promise<void>((resolve) => {
    child.on("exit", () => resolve());
    child.stdout.on("data", (chunk: Buffer) => {
      printed += chunk.toString("utf8");
      if (printed.includes("See what happened")) {
        resolve();
      }
    });
  });
  const signInUrl = /Dashboard {2}(\S+)/.exec(printed)?.[1];
  const adminKey = /Admin key {2}(\S+)/.exec(printed)?.[1];
  if (signInUrl === undefined || adminKey === undefined) {
    child.kill("SIGKILL");
    throw new Error(`a first start prints a link and a key; it printed ${printed}`);
  }
  const { origin: url } = new URL(signInUrl);
  return {
    url,
    signInUrl,
    adminKey,
    client: createClient({ url, key: adminKey }),
    async stop() {
      child.kill("SIGKILL");
      await once(child, "exit");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function signInByKey(
  page: Page,
  { url, adminKey }: Pick<FirstStart, "url" | "adminKey">,
): Promise<void> {
  await page.goto(`${url}/`);
  await page.getByLabel("API key").fill(adminKey);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Tenants" }).waitFor();
}
