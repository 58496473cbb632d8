import { parseArgs } from "node:util";
import { connectionOf, REMOTE_OPTIONS } from "./remote/connection.ts";
import { timeOf } from "./remote/time-of.ts";
import { UsageError } from "./remote/usage-error.ts";
import { follow } from "./replay.ts";

/**
 * `posthorn recover <endpoint> [--since time]`: delivers what an endpoint missed while it was disabled, and
 * with `--since` all that was not delivered since. Times are ISO 8601, or as long ago as `90m`, `2h`, `3d`.
 */
export async function recover(args: readonly string[]): Promise<number> {
  const options = { ...REMOTE_OPTIONS, since: { type: "string" } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [endpoint, ...others] = positionals;
  if (endpoint === undefined || others.length > 0) {
    throw new UsageError(`posthorn recover takes one endpoint, got ${positionals.length}`);
  }
  const connection = connectionOf(values);
  const body = { since: timeOf("--since", values.since) };
  const { missed, replay } = await connection.client.recover(connection.tenant, endpoint, body);
  if (replay === null) {
    process.stdout.write(values.json ? `${JSON.stringify({ missed, replay })}\n` : "nothing was missed\n");
    return 0;
  }
  return await follow(connection, replay, values.json);
}
