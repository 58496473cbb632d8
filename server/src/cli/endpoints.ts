import { healthOf } from "./endpoints/health.ts";
import { connectionOf, REMOTE_OPTIONS } from "./remote/connection.ts";
import { listingCommand } from "./remote/listing.ts";
import { onlyOne } from "./remote/only-one.ts";
import { parseLine, wrongVerb } from "./remote/parse-line.ts";
import { print } from "./remote/print.ts";
import { timeOf } from "./remote/time-of.ts";

const SKIP_OPTIONS = { ...REMOTE_OPTIONS, until: { type: "string" }, event: { type: "string" } } as const;

const show = listingCommand({
  name: "endpoints",
  filters: [],
  columns: ["id", "health", "contract", "event_types", "url"],
  list: ({ client, tenant }) => client.listEndpoints(tenant, { include: "lane" }),
  rowOf: (endpoint) => ({ ...endpoint, health: healthOf(endpoint) }),
  get: ({ client, tenant }, id) => client.getEndpoint(tenant, id),
});

const VERBS = [
  ...["create", "list", "get", "update", "delete", "enable", "disable"],
  ...["pause", "resume", "skip", "test", "rotate-secret"],
];

/**
 * `posthorn endpoints create <url>`, `posthorn endpoints list`, `posthorn endpoints get|delete <id>`,
 * `posthorn endpoints update|test|rotate-secret <id>`, `posthorn endpoints enable|disable|pause|resume <id>`,
 * `posthorn endpoints skip <id> [--until time] [--event id]`: what there is, how it is, what holds it up.
 */
export async function endpoints([verb, ...args]: readonly string[]): Promise<number> {
  switch (verb) {
    case "list":
    case "get":
      return await show([verb, ...args]);
    case "enable":
    case "disable":
    case "pause":
    case "resume":
      return await steer(verb, args);
    case "skip":
      return await skip(args);
    case "create":
      return await (await import("./endpoints/create.ts")).createEndpoint(args);
    case "update":
      return await (await import("./endpoints/update.ts")).updateEndpoint(args);
    case "delete":
      return await remove(args);
    case "test":
      return await (await import("./endpoints/test-event.ts")).sendTestEvent(args);
    case "rotate-secret":
      return await (await import("./endpoints/rotate-secret.ts")).rotateSecret(args);
    default:
      throw wrongVerb("endpoints", VERBS, verb);
  }
}

type Switch = "enable" | "disable" | "pause" | "resume";

async function steer(verb: Switch, args: readonly string[]): Promise<number> {
  const { values, positionals } = parseLine(args, REMOTE_OPTIONS);
  const id = onlyOne(positionals, `posthorn endpoints ${verb} takes the id of one endpoint`);
  const { client, tenant } = connectionOf(values);
  const endpoint = await client[`${verb}Endpoint`](tenant, id);
  print(values.json ? JSON.stringify(endpoint) : `${endpoint.id} ${endpoint.state}`);
  return 0;
}

async function remove(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseLine(args, REMOTE_OPTIONS);
  const id = onlyOne(positionals, "posthorn endpoints delete takes the id of one endpoint");
  const { client, tenant } = connectionOf(values);
  await client.deleteEndpoint(tenant, id);
  if (values.json) {
    print(JSON.stringify({ id, deleted: true }));
  }
  process.stderr.write(`${id} is deleted, and what it was owed is not sent any more\n`);
  return 0;
}

/** Without a place it is the delivery that everything waits for. */
async function skip(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseLine(args, SKIP_OPTIONS);
  const id = onlyOne(positionals, "posthorn endpoints skip takes the id of one endpoint");
  const body = { until: timeOf("--until", values.until), event: values.event };
  const { client, tenant } = connectionOf(values);
  const done = await client.skip(tenant, id, body);
  const atLeast = done.skipped_is_at_least === true ? "at least " : "";
  print(values.json ? JSON.stringify(done) : `skipped ${atLeast}${done.skipped}`);
  return 0;
}
