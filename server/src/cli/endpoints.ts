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
  columns: ["id", "state", "contract", "event_types", "url"],
  list: ({ client, tenant }) => client.listEndpoints(tenant),
  get: ({ client, tenant }, id) => client.getEndpoint(tenant, id),
});

/**
 * `posthorn endpoints list`, `posthorn endpoints get <id>`, `posthorn endpoints pause|resume <id>`,
 * `posthorn endpoints skip <id> [--until time] [--event id]`: what there is, and what holds it up.
 */
export async function endpoints([verb, ...args]: readonly string[]): Promise<number> {
  switch (verb) {
    case "list":
    case "get":
      return await show([verb, ...args]);
    case "pause":
    case "resume":
      return await steer(verb, args);
    case "skip":
      return await skip(args);
    default:
      throw wrongVerb("endpoints", ["list", "get", "pause", "resume", "skip"], verb);
  }
}

async function steer(verb: "pause" | "resume", args: readonly string[]): Promise<number> {
  const { values, positionals } = parseLine(args, REMOTE_OPTIONS);
  const id = onlyOne(positionals, `posthorn endpoints ${verb} takes the id of one endpoint`);
  const { client, tenant } = connectionOf(values);
  const endpoint =
    verb === "pause" ? await client.pauseEndpoint(tenant, id) : await client.resumeEndpoint(tenant, id);
  print(values.json ? JSON.stringify(endpoint) : `${endpoint.id} ${endpoint.state}`);
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
