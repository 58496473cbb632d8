import { connectionOf, REMOTE_OPTIONS } from "./remote/connection.ts";
import { onlyOne } from "./remote/only-one.ts";
import { parseLine } from "./remote/parse-line.ts";
import { print } from "./remote/print.ts";
import { timeOf } from "./remote/time-of.ts";
import { follow } from "./replay.ts";

/**
 * `posthorn recover <endpoint> [--since time]`: delivers what an endpoint missed while it was disabled, and
 * with `--since` all that was not delivered since. Times are ISO 8601, or as long ago as `90m`, `2h`, `3d`.
 */
export async function recover(args: readonly string[]): Promise<number> {
  const options = { ...REMOTE_OPTIONS, since: { type: "string" } } as const;
  const { values, positionals } = parseLine(args, options);
  const endpoint = onlyOne(positionals, "posthorn recover takes one endpoint");
  const connection = connectionOf(values);
  const body = { since: timeOf("--since", values.since) };
  const { missed, replay } = await connection.client.recover(connection.tenant, endpoint, body);
  if (replay === null) {
    print(values.json ? JSON.stringify({ missed, replay }) : "nothing was missed");
    if (values.since === undefined) {
      process.stderr.write(
        "what was given up is not among it: posthorn replay sends that, or recover with --since\n",
      );
    }
    return 0;
  }
  return await follow(connection, replay, values.json);
}
