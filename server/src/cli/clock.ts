import { clientOf, REMOTE_OPTIONS } from "./remote/connection.ts";
import { parseLine, wrongVerb } from "./remote/parse-line.ts";
import { print } from "./remote/print.ts";
import { durationMsOf } from "./remote/time-of.ts";
import { UsageError } from "./remote/usage-error.ts";

/** `posthorn clock [--json]`, `posthorn clock advance <4h>`: the time of a server in development. */
export async function clock(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseLine(args, REMOTE_OPTIONS);
  const [verb, by, ...rest] = positionals;
  if (verb !== undefined && verb !== "advance") {
    throw wrongVerb("clock", ["advance"], verb);
  }
  if (rest.length > 0) {
    throw new UsageError(`posthorn clock advance takes one time, got ${rest.length + 1}`);
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
