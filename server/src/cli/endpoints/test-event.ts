import type { SendTestBody } from "@posthorn/client/operations";
import { connectionOf, REMOTE_OPTIONS } from "../remote/connection.ts";
import { givenJson } from "../remote/given-json.ts";
import { onlyOne } from "../remote/only-one.ts";
import { parseLine } from "../remote/parse-line.ts";
import { print } from "../remote/print.ts";
import { showSettled } from "../remote/settled.ts";

const OPTIONS = {
  ...REMOTE_OPTIONS,
  type: { type: "string" },
  data: { type: "string", short: "d" },
  wait: { type: "boolean", default: false },
} as const;

/**
 * `posthorn endpoints test <id> [--type t] [-d json|@file] [--wait]`: sends an event to this endpoint alone;
 * `--wait` ends when its delivery has, with 1 if it was not taken.
 */
export async function sendTestEvent(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseLine(args, OPTIONS);
  const id = onlyOne(positionals, "posthorn endpoints test takes the id of one endpoint");
  const { type, data } = values;
  const body: SendTestBody = data === undefined ? { type } : { type, data: givenJson(data) };
  const connection = connectionOf(values);
  const sent = await connection.client.sendTest(connection.tenant, id, body);
  print(values.json ? JSON.stringify(sent) : sent.id);
  return values.wait ? await showSettled(connection, sent.id, values.json) : 0;
}
