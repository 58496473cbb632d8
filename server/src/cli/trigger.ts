import { readFileSync } from "node:fs";
import { setTimeout as after } from "node:timers/promises";
import type { Delivery, SampleRenderings } from "@posthorn/client/operations";
import { PosthornError } from "@posthorn/client/posthorn-error";
import { type Connection, connectionOf, REMOTE_OPTIONS } from "./remote/connection.ts";
import { onlyOne } from "./remote/only-one.ts";
import { parseLine } from "./remote/parse-line.ts";
import { print, printRows } from "./remote/print.ts";
import { createTable, plain } from "./remote/table.ts";
import { UsageError } from "./remote/usage-error.ts";

const OPTIONS = {
  ...REMOTE_OPTIONS,
  data: { type: "string", short: "d" },
  subject: { type: "string" },
  to: { type: "string" },
  wait: { type: "boolean", default: false },
  contract: { type: "string" },
  "dry-run": { type: "boolean", default: false },
} as const;

const LOOK_EVERY_MS = 200;

/**
 * `posthorn trigger <type> [-d json|@file] [--subject text] [--to endpoint] [--wait]`: hands over an event;
 * without data the example of its type. `--wait` ends when its deliveries have, with 1 if one was not taken.
 * `--dry-run [--contract name | --to endpoint]` hands over nothing, and prints the requests that it would
 * become.
 */
export async function trigger(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseLine(args, OPTIONS);
  const type = onlyOne(positionals, "posthorn trigger takes one event type");
  const connection = connectionOf(values);
  if (values["dry-run"]) {
    return await show(connection, type, values);
  }
  if (values.contract !== undefined) {
    throw new UsageError(
      "--contract goes with --dry-run: an event is in no contract, each of its endpoints is in one",
    );
  }
  const { client, tenant } = connection;
  const data = values.data === undefined ? await exampleOf(connection, type) : dataIn(values.data);
  const { id, accepted_at } = await client.sendEvent(tenant, {
    type,
    data,
    subject: values.subject,
    to: values.to,
  });
  print(values.json ? JSON.stringify({ id, type, accepted_at }) : id);
  if (!values.wait) {
    return 0;
  }
  const deliveries = await settled(connection, id);
  printRows(deliveries, createTable(["id", "state", "attempts", "endpoint_id", "reason"]), values.json);
  return deliveries.every(({ state }) => state === "delivered") ? 0 : 1;
}

interface Shown {
  readonly data?: string | undefined;
  readonly subject?: string | undefined;
  readonly to?: string | undefined;
  readonly contract?: string | undefined;
  readonly json: boolean;
}

/** Prints requests, with secrets that are nobody's; returns 1 where one that was asked for cannot be made. */
async function show({ client, tenant }: Connection, type: string, values: Shown): Promise<number> {
  const { data, subject, contract, to, json } = values;
  const sample = { type, subject, contract, endpoint: to };
  const asked = data === undefined ? sample : { ...sample, data: dataIn(data) };
  const { renderings } = await client.renderSample(tenant, asked);
  for (const rendering of renderings) {
    print(json ? JSON.stringify(rendering) : textOf(rendering));
  }
  const isNamed = contract !== undefined || to !== undefined;
  return isNamed && renderings.some(({ request }) => request === null) ? 1 : 0;
}

type Rendering = SampleRenderings["renderings"][number];

function textOf({ contract, reason, request }: Rendering): string {
  if (request === null) {
    return `# ${contract}: no request, ${reason}\n`;
  }
  const { method, url, headers, payload } = request;
  const lines = headers.map(({ name, value }) => `${name}: ${value ?? "…"}`);
  const head = [`# ${contract}`, `${method} ${url}`, ...lines].map(plain);
  return [...head, "", plain(Buffer.from(payload, "base64").toString("utf8")), ""].join("\n");
}

function dataIn(given: string): unknown {
  try {
    return JSON.parse(given.startsWith("@") ? readFileSync(given.slice(1), "utf8") : given);
  } catch (error) {
    throw new UsageError(
      `-d must be JSON, or @ and a file of it: ${error instanceof Error ? error.message : ""}`,
    );
  }
}

async function exampleOf({ client, tenant }: Connection, type: string): Promise<unknown> {
  const example = await client.getEventType(tenant, type).then(
    (known) => known.example,
    (error: unknown) => {
      if (error instanceof PosthornError && error.code === "not_found") {
        return null;
      }
      throw error;
    },
  );
  if (example === null) {
    const detail = `There is no example of ${type}: give data with -d.`;
    throw new PosthornError({ code: "not_found", detail, status: 404 });
  }
  return example;
}

/** Looks at an event's deliveries until none of them will be tried again, and says what is waited for. */
async function settled({ client, tenant }: Connection, event: string): Promise<readonly Delivery[]> {
  const told = new Set<string>();
  for (;;) {
    const deliveries: Delivery[] = [];
    for await (const delivery of client.listDeliveriesOfEvent(tenant, event)) {
      deliveries.push(delivery);
    }
    if (deliveries.every(({ state }) => state !== "pending" && state !== "retrying")) {
      if (deliveries.length === 0) {
        process.stderr.write("the event is stored, and no endpoint of the tenant wants it\n");
      }
      return deliveries;
    }
    tellRetries(deliveries, told);
    await after(LOOK_EVERY_MS);
  }
}

/** Tells of each attempt that failed once: the next one may be hours away. */
function tellRetries(deliveries: readonly Delivery[], told: Set<string>): void {
  for (const { state, attempts, endpoint_id, reason, next_attempt_at } of deliveries) {
    const key = `${endpoint_id} ${attempts}`;
    if (state === "retrying" && !told.has(key)) {
      told.add(key);
      const next = next_attempt_at === null ? "" : `; the next is at ${next_attempt_at}`;
      process.stderr.write(`${endpoint_id}: attempt ${attempts} failed, ${reason ?? "unknown"}${next}\n`);
    }
  }
}
