import type { CreateEndpointBody } from "@posthorn/client/operations";
import { connectionOf, REMOTE_OPTIONS } from "../remote/connection.ts";
import { givenBody } from "../remote/given-json.ts";
import { secretIn } from "../remote/given-secret.ts";
import { parseLine } from "../remote/parse-line.ts";
import { print } from "../remote/print.ts";
import { UsageError } from "../remote/usage-error.ts";
import { tellWarnings } from "./warnings.ts";

const OPTIONS = {
  ...REMOTE_OPTIONS,
  types: { type: "string" },
  contract: { type: "string" },
  description: { type: "string" },
  data: { type: "string", short: "d" },
  "secret-file": { type: "string" },
} as const;

/**
 * `posthorn endpoints create <url> [--types a,b] [--contract name] [--description text] [-d json|@file]`: its
 * secret alone is on standard output, so that it can go where it is needed and be seen by nobody.
 */
export async function createEndpoint(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseLine(args, OPTIONS);
  const [given, ...others] = positionals;
  const { types, contract, description, data, "secret-file": file } = values;
  const secret = file === undefined ? undefined : secretIn(file);
  const said = { url: given, contract, description, secret, event_types: types?.split(",") };
  const body = givenBody<CreateEndpointBody>(data, said);
  const { url } = body;
  if (others.length > 0 || url === undefined) {
    throw new UsageError(`posthorn endpoints create takes the receiver's URL, got ${positionals.length}`);
  }
  const { client, tenant } = connectionOf(values);
  const made = await client.createEndpoint(tenant, { ...body, url });
  if (values.json) {
    print(JSON.stringify(made));
  } else if (made.secret !== null) {
    print(made.secret);
  }
  const what = made.secret === null ? "signs nothing, and has no secret" : "its secret is shown this once";
  tellWarnings(made);
  process.stderr.write(`${made.id} was created, in the contract ${made.contract}; ${what}\n`);
  return 0;
}
