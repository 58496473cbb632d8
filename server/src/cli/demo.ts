import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../config.ts";
import { startServer } from "../main.ts";
import { CONFIG_OPTIONS, configOf, contractsOf } from "./config-given.ts";
import { createDemoClient, type DemoClient } from "./demo/client.ts";
import type { Tally, Vendor } from "./demo/protocol.ts";
import { type Receivers, startReceivers } from "./demo/receivers.ts";
import { bspkSamples, bubblehouseSamples, type Sample, spektrSamples } from "./demo/samples.ts";
import { asJson, closingTable, isFlawless, type TableRow } from "./demo/table.ts";
import { whenNpmEnds } from "./npm-end.ts";
import { parseOptions } from "./remote/parse-line.ts";
import { print } from "./remote/print.ts";

const OPTIONS = { ...CONFIG_OPTIONS, exit: { type: "boolean", default: false } } as const;
const GIVE_UP_MS = 120_000;
const NAMES: Readonly<Record<Vendor, string>> = {
  bspk: "Maison Demo (BSPK: each on its own)",
  spektr: "Demo Bank (spektr: in batches)",
  bubblehouse: "Demo Beans (Bubblehouse: strictly in order)",
};

/**
 * `posthorn demo [--exit] [--json] [--config file]`: three companies, one on each vendor's contract, with
 * receivers that fail and recover.
 */
export async function demo(args: readonly string[]): Promise<number> {
  const values = parseOptions(args, OPTIONS);
  const say = values.json ? toStandardError : print;
  const contracts = await contractsOf(values.config);
  checkExpress();
  const folder = mkdtempSync(join(tmpdir(), "posthorn-demo-"));
  const server = await startServer({ config: demoConfig(folder), contracts, isDevelopment: true });
  let receivers: Receivers | undefined;
  try {
    receivers = await startReceivers((from, text) => say(`${from.padEnd(12)} ${text}`));
    say(`Posthorn serves ${server.url} on a fresh database\n`);
    const part = { client: createDemoClient(server.url, server.adminKey ?? ""), receivers, say };
    const rows = await Promise.all([
      play("bspk", { ...part, samples: bspkSamples() }),
      play("spektr", { ...part, samples: spektrSamples() }),
      play("bubblehouse", { ...part, samples: bubblehouseSamples() }),
    ]);
    say(`\n${closingTable(rows)}`);
    if (values.json) {
      rows.map(asJson).forEach(print);
    }
    const code = rows.every(isFlawless) ? 0 : 1;
    say(code === 0 ? "Nothing was lost, every request was verified." : "Something was lost or not verified.");
    if (!values.exit) {
      say(`\nStill serving ${server.url}  ·  admin key ${server.adminKey}  ·  Ctrl-C ends it`);
      say(
        `curl -s ${server.url}/v1/tenants/bubblehouse/attempts -H 'authorization: Bearer ${server.adminKey}'`,
      );
      await interrupted();
    }
    return code;
  } finally {
    receivers?.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Express is the demo's and not the server's: whoever installs the server alone need not have it. */
function checkExpress(): void {
  try {
    import.meta.resolve("express");
  } catch {
    throw new Error("the demo's receivers run on Express, which must be there: npm install express");
  }
}

function demoConfig(folder: string): Config {
  const config = configOf({
    POSTHORN_DATABASE_URL: `sqlite:${join(folder, "demo.db")}`,
    POSTHORN_EGRESS_ALLOW: "127.0.0.0/8",
    POSTHORN_LOG_LEVEL: "error",
  });
  // Whichever port is free, unless one is asked for.
  return { ...config, port: Number(process.env["POSTHORN_PORT"] ?? 0) };
}

interface Part {
  readonly client: DemoClient;
  readonly receivers: Receivers;
  readonly samples: readonly Sample[];
  say(text: string): void;
}

/** One company's part: receiver, tenant, endpoint, events; ends when its receiver has settled every event. */
async function play(vendor: Vendor, { client, receivers, samples, say }: Part): Promise<TableRow> {
  const key = await client.createTenant(vendor, NAMES[vendor]);
  const url = receivers.urlOf(vendor);
  // BSPK makes its secrets. The others' customers bring theirs, and can verify the first call there is.
  const own = vendor === "bspk" ? undefined : randomBytes(32).toString("base64");
  if (own !== undefined) {
    receivers.instruct({ vendor, secret: own, samples });
  }
  const { id, secret } = await client.createEndpoint(vendor, key, { url, secret: own });
  if (own === undefined) {
    receivers.instruct({ vendor, secret, samples });
  }
  const half = Math.ceil(samples.length / 2);
  await client.postEvents(vendor, key, samples.slice(0, half));
  await client.postEvents(vendor, key, samples.slice(half));
  const until = Date.now() + GIVE_UP_MS;
  let wasHeld = false;
  while (!isDone(receivers.tallyOf(vendor), samples) && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const hold = await client.hold(vendor, key, id);
    if (!wasHeld && hold !== undefined) {
      say(`${vendor.padEnd(12)} the lane is ${hold}`);
    }
    wasHeld = hold !== undefined;
  }
  return { vendor, sent: samples.length, isOrdered: vendor !== "bspk", tally: receivers.tallyOf(vendor) };
}

function isDone({ received, refused }: Tally, samples: readonly Sample[]): boolean {
  return received + refused >= samples.length;
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    whenNpmEnds(resolve);
    process.once("SIGTERM", () => resolve());
  });
}

function toStandardError(text: string): void {
  process.stderr.write(`${text}\n`);
}
