import type { UpdateEndpointBody } from "@posthorn/client/operations";
import { connectionOf, REMOTE_OPTIONS } from "../remote/connection.ts";
import { givenBody } from "../remote/given-json.ts";
import { onlyOne } from "../remote/only-one.ts";
import { parseLine } from "../remote/parse-line.ts";
import { print } from "../remote/print.ts";
import { tellWarnings } from "./warnings.ts";

const OPTIONS = {
  ...REMOTE_OPTIONS,
  types: { type: "string" },
  description: { type: "string" },
  data: { type: "string", short: "d" },
} as const;

/**
 * `posthorn endpoints update <id> [--types a,b] [--description text] [-d json|@file]`: what is not said
 * stays, and what is null becomes the default.
 */
export async function updateEndpoint(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseLine(args, OPTIONS);
  const id = onlyOne(positionals, "posthorn endpoints update takes the id of one endpoint");
  const { types, description, data } = values;
  const body = givenBody<UpdateEndpointBody>(data, { description, event_types: types?.split(",") });
  const { client, tenant } = connectionOf(values);
  const changed = await client.updateEndpoint(tenant, id, body);
  print(JSON.stringify(changed, null, values.json ? 0 : 2));
  tellWarnings(changed);
  return 0;
}
