import { KEY_ROLES, KEY_SCOPES } from "@posthorn/client/key-choices";
import type { CreateKeyBody } from "@posthorn/client/operations";
import { connectionOf, REMOTE_OPTIONS } from "./remote/connection.ts";
import { listingCommand } from "./remote/listing.ts";
import { oneOf } from "./remote/one-of.ts";
import { onlyOne } from "./remote/only-one.ts";
import { parseLine, wrongVerb } from "./remote/parse-line.ts";
import { print } from "./remote/print.ts";
import { wholeNumberOf } from "./remote/whole-number.ts";

const CREATE_OPTIONS = {
  ...REMOTE_OPTIONS,
  scope: { type: "string", multiple: true },
  role: { type: "string" },
  rate: { type: "string" },
  "expires-at": { type: "string" },
} as const;

const list = listingCommand({
  name: "keys",
  filters: [],
  columns: ["id", "name", "scopes", "rate_per_second", "expires_at", "last_used_at"],
  list: ({ client, tenant }) => client.listKeys(tenant),
});

/**
 * `posthorn keys create <name> [--role r | --scope s …] [--rate n] [--expires-at time]`, `posthorn keys
 * list`, `posthorn keys revoke <id>`: the API keys of a tenant. `posthorn keys rotate-master`: the
 * installation's.
 */
export async function keys([verb, ...args]: readonly string[]): Promise<number> {
  switch (verb) {
    case "create":
      return await create(args);
    case "list":
      return await list([verb, ...args]);
    case "revoke":
      return await revoke(args);
    case "rotate-master":
      // It opens the database, and so needs most of the server.
      return await (await import("./rotate-master.ts")).rotateMaster(args);
    default:
      throw wrongVerb("keys", ["create", "list", "revoke", "rotate-master"], verb);
  }
}

/** The key alone is on standard output, so that it can go where it is needed and be seen by nobody. */
async function create(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseLine(args, CREATE_OPTIONS);
  const name = onlyOne(positionals, "posthorn keys create takes one name for the key");
  const body: CreateKeyBody = {
    name,
    role: oneOf(KEY_ROLES, "--role", values.role),
    scopes: values.scope?.flatMap((scope) => oneOf(KEY_SCOPES, "--scope", scope) ?? []),
    rate_per_second: wholeNumberOf("--rate", values.rate),
    expires_at: values["expires-at"],
  };
  const { client, tenant } = connectionOf(values);
  const made = await client.createKey(tenant, body);
  print(values.json ? JSON.stringify(made) : made.key);
  process.stderr.write(`${made.id} was made; its key is shown this once\n`);
  return 0;
}

async function revoke(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseLine(args, REMOTE_OPTIONS);
  const id = onlyOne(positionals, "posthorn keys revoke takes the id of one key");
  const { client, tenant } = connectionOf(values);
  await client.revokeKey(tenant, id);
  if (values.json) {
    print(JSON.stringify({ id, revoked: true }));
  }
  process.stderr.write(`${id} opens nothing any more\n`);
  return 0;
}
