import type { Sending } from "@posthorn/client/operations";
import { clientOf, REMOTE_OPTIONS } from "./remote/connection.ts";
import { parseOptions } from "./remote/parse-line.ts";
import { print } from "./remote/print.ts";

/**
 * `posthorn resume [--dry-run]`: lets a server send whose database was restored from a backup, and says what
 * waits; with `--dry-run` it only says that. The key is an admin key.
 */
export async function resume(args: readonly string[]): Promise<number> {
  const options = { ...REMOTE_OPTIONS, "dry-run": { type: "boolean", default: false } } as const;
  const values = parseOptions(args, options);
  const client = clientOf(values);
  const found = await client.getSending();
  const isResumed = found.state === "paused" && !values["dry-run"];
  const shown = isResumed ? await client.resumeSending() : found;
  print(values.json ? JSON.stringify(shown) : said(found, isResumed));
  return 0;
}

function said({ state, ...found }: Sending, isResumed: boolean): string {
  const { backed_up_at, endpoints_waiting, deliveries_waiting_at_least } = found;
  const deliveries = `at least ${deliveries_waiting_at_least} deliveries`;
  const waiting = `${endpoints_waiting} endpoints are owed ${deliveries}`;
  if (state === "running") {
    return `running, as it was: ${waiting}`;
  }
  const origin = backed_up_at === null ? "" : `, restored from a backup of ${backed_up_at}`;
  return isResumed ? `running again${origin}: ${waiting}` : `paused${origin}: ${waiting}`;
}
