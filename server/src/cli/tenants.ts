import type { CreateTenantBody, UpdateTenantBody } from "@posthorn/client/operations";
import { clientOf, SERVER_OPTIONS } from "./remote/connection.ts";
import { givenBody } from "./remote/given-json.ts";
import { listingCommand } from "./remote/listing.ts";
import { onlyOne } from "./remote/only-one.ts";
import { parseLine, wrongVerb } from "./remote/parse-line.ts";
import { print } from "./remote/print.ts";
import { UsageError } from "./remote/usage-error.ts";

const BODY_OPTIONS = {
  ...SERVER_OPTIONS,
  name: { type: "string" },
  contract: { type: "string" },
  data: { type: "string", short: "d" },
} as const;

const show = listingCommand({
  name: "tenants",
  filters: [],
  columns: ["id", "name", "contract", "validation", "created_at"],
  isOfServer: true,
  list: ({ client }) => client.listTenants(),
  get: ({ client }, id) => client.getTenant(id),
});

/**
 * `posthorn tenants create [id] [--name n] [--contract c] [-d json|@file]`, `posthorn tenants list`,
 * `posthorn tenants get|delete <id>`, `posthorn tenants update <id> [--name n] …`: whose events and endpoints
 * there are. The key is an admin key.
 */
export async function tenants([verb, ...args]: readonly string[]): Promise<number> {
  switch (verb) {
    case "list":
    case "get":
      return await show([verb, ...args]);
    case "create":
      return await create(args);
    case "update":
      return await update(args);
    case "delete":
      return await remove(args);
    default:
      throw wrongVerb("tenants", ["create", "list", "get", "update", "delete"], verb);
  }
}

/** Its id alone is on standard output. */
async function create(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseLine(args, BODY_OPTIONS);
  const [id, ...others] = positionals;
  if (others.length > 0) {
    throw new UsageError(`posthorn tenants create takes one id, or none, got ${positionals.length}`);
  }
  const said = { id, name: values.name, contract: values.contract };
  const body = givenBody<CreateTenantBody>(values.data, said);
  const name = body.name ?? body.id;
  if (name === undefined) {
    throw new UsageError("posthorn tenants create takes an id, or --name, or both");
  }
  const made = await clientOf(values).createTenant({ ...body, name });
  print(values.json ? JSON.stringify(made) : made.id);
  return 0;
}

async function update(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseLine(args, BODY_OPTIONS);
  const id = onlyOne(positionals, "posthorn tenants update takes the id of one tenant");
  const { name, contract } = values;
  const body = givenBody<UpdateTenantBody>(values.data, { name, contract });
  const changed = await clientOf(values).updateTenant(id, body);
  print(JSON.stringify(changed, null, values.json ? 0 : 2));
  return 0;
}

async function remove(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseLine(args, SERVER_OPTIONS);
  const id = onlyOne(positionals, "posthorn tenants delete takes the id of one tenant");
  await clientOf(values).deleteTenant(id);
  if (values.json) {
    print(JSON.stringify({ id, deleted: true }));
  }
  process.stderr.write(`${id} is deleted, with its endpoints, its keys and what its events said\n`);
  return 0;
}
