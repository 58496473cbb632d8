import type { SampleRenderings } from "@posthorn/client/operations";
import { PosthornError } from "@posthorn/client/posthorn-error";
import { type Connection, connectionOf, REMOTE_OPTIONS } from "./remote/connection.ts";
import { givenJson } from "./remote/given-json.ts";
import { onlyOne } from "./remote/only-one.ts";
import { parseLine } from "./remote/parse-line.ts";
import { print } from "./remote/print.ts";
import { showSettled } from "./remote/settled.ts";
import { plain } from "./remote/table.ts";
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
  const data = values.data === undefined ? await exampleOf(connection, type) : givenJson(values.data);
  const { id, accepted_at } = await client.sendEvent(tenant, {
    type,
    data,
    subject: values.subject,
    to: values.to,
  });
  print(values.json ? JSON.stringify({ id, type, accepted_at }) : id);
  return values.wait ? await showSettled(connection, id, values.json) : 0;
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
  const asked = data === undefined ? sample : { ...sample, data: givenJson(data) };
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
