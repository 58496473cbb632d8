import { parseArgs } from "node:util";
import { clientOf, REMOTE_OPTIONS } from "./remote/connection.ts";
import { print } from "./remote/print.ts";
import { durationMsOf } from "./remote/time-of.ts";
import { UsageError } from "./remote/usage-error.ts";

/** `posthorn clock [--json]`, `posthorn clock advance <4h>`: the time of a server in development. */
export async function clock(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: REMOTE_OPTIONS,
    allowPositionals: true,
  });
  const [verb, by, ...rest] = positionals;
  if ((verb !== undefined && verb !== "advance") || rest.length > 0) {
    throw new UsageError(`posthorn clock takes nothing, or advance and a time, got ${positionals.join(" ")}`);
  }
  const client = clientOf(values);
  if (verb === undefined) {
    const shown = await client.getClock();
    print(values.json ? JSON.stringify(shown) : shown.now);
    return 0;
  }
  const byMs = durationMsOf(by);
  if (byMs === undefined) {
    throw new UsageError(`posthorn clock advance takes a time such as 30s, 90m, 4h, 3d, got ${by ?? "none"}`);
  }
  for (let leftMs = byMs; ; ) {
    const shown = await client.advanceClock({ by_ms: leftMs });
    leftMs -= shown.advanced_ms;
    if (leftMs <= 0) {
      print(values.json ? JSON.stringify(shown) : shown.now);
      return 0;
    }
    process.stderr.write(`it is ${shown.now}\n`);
  }
}
