import { setTimeout as after } from "node:timers/promises";
import type { EndpointStatus, Replay } from "@posthorn/client/operations";
import { healthOf } from "./endpoints/health.ts";
import { type Connection, connectionOf, REMOTE_OPTIONS } from "./remote/connection.ts";
import { oneOf } from "./remote/one-of.ts";
import { parseLine } from "./remote/parse-line.ts";
import { print } from "./remote/print.ts";
import { timeOf } from "./remote/time-of.ts";
import { UsageError } from "./remote/usage-error.ts";
import { wholeNumberOf } from "./remote/whole-number.ts";

const OPTIONS = {
  ...REMOTE_OPTIONS,
  since: { type: "string" },
  until: { type: "string" },
  only: { type: "string" },
  types: { type: "string" },
  rate: { type: "string" },
  to: { type: "string" },
  "dry-run": { type: "boolean", default: false },
} as const;

const CHOICES = ["dead", "missed", "undelivered", "all"] as const;
const LOOK_EVERY_MS = 500;
/** After so many looks at which nothing had moved it is said what holds it up. */
const STILL_LOOKS = 4;

/**
 * `posthorn replay <endpoint> --since <time> --only dead|missed|undelivered|all [--until time] [--types a,b]
 * [--rate n] [--to endpoint] [--dry-run]`: delivers a range again, and shows how far it is; with `--dry-run`
 * it only counts. Times are ISO 8601, or as long ago as `90m`, `2h`, `3d`.
 */
export async function replay(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseLine(args, OPTIONS);
  const [endpoint, ...others] = positionals;
  const since = timeOf("--since", values.since);
  const only = oneOf(CHOICES, "--only", values.only);
  if (endpoint === undefined || others.length > 0 || since === undefined || only === undefined) {
    throw new UsageError(`posthorn replay takes an endpoint, --since, and --only ${CHOICES.join("|")}`);
  }
  const connection = connectionOf(values);
  const begun = await connection.client.createReplay(connection.tenant, {
    endpoint,
    since,
    only,
    until: timeOf("--until", values.until),
    types: values.types?.split(","),
    rate: wholeNumberOf("--rate", values.rate),
    to: values.to,
    dry_run: values["dry-run"],
  });
  if ("count" in begun) {
    const more = begun.count_is_at_least === true ? "at least " : "";
    print(values.json ? JSON.stringify(begun) : `${more}${begun.count}`);
    return 0;
  }
  return await follow(connection, begun, values.json);
}

/** Shows how far a replay is until it ends. Returns 1 if something of it was not taken. */
export async function follow(connection: Connection, begun: Replay, isJson: boolean): Promise<number> {
  const { client, tenant } = connection;
  let seen = begun;
  let told = "";
  for (let still = 0; seen.state === "running" || seen.state === "paused"; still += 1) {
    const { state, matched, delivered, failed, position } = seen;
    const line = `${state} at ${position}: ${delivered} delivered, ${failed} failed, of ${matched} so far\n`;
    if (line !== told) {
      process.stderr.write(line);
      told = line;
      still = 0;
    }
    if (still === STILL_LOOKS) {
      await tellHold(connection, seen);
    }
    await after(LOOK_EVERY_MS);
    seen = await client.getReplay(tenant, seen.id);
  }
  const { id, state, delivered, failed, passed_over } = seen;
  print(
    isJson
      ? JSON.stringify(seen)
      : `${id} ${state}: ${delivered} delivered, ${failed} failed, ${passed_over} gone meanwhile`,
  );
  return state === "finished" && failed === 0 ? 0 : 1;
}

/** A replay waits for the probes of a held endpoint, like all else that it is owed. */
async function tellHold({ client, tenant }: Connection, { to_endpoint_id: id }: Replay): Promise<void> {
  const endpoint = await client.getEndpoint(tenant, id);
  const ways = waysOut(endpoint);
  if (ways.length === 0) {
    return;
  }
  const probe = endpoint.lane.next_probe_at;
  const next = probe === null ? "" : `; the next probe is at ${probe}`;
  process.stderr.write(`${id} is ${healthOf(endpoint)}${next}\n`);
  for (const [verb, does] of ways) {
    process.stderr.write(`posthorn endpoints ${verb} ${id} --tenant ${tenant}  # ${does}\n`);
  }
}

/** The commands after which an endpoint that waits is sent to again; none where it waits for nothing. */
function waysOut({ state, lane }: EndpointStatus): readonly (readonly [verb: string, does: string])[] {
  switch (state) {
    case "deleted":
      return [];
    case "disabled":
      return [["enable", "it is sent to again"]];
    case "paused":
      return [["resume", "goes on now"]];
    case "enabled":
      return lane.held_since === null && !lane.needs_attention
        ? []
        : [
            ["resume", "tries at once what it waits for"],
            ...(lane.is_skippable ? [["skip", "goes on behind that"] as const] : []),
          ];
  }
}
