import { type Client, createClient } from "@posthorn/client/client";
import { defaultOf } from "../../settings.ts";
import { UsageError } from "./usage-error.ts";

/** What every command that asks a server takes. */
export const SERVER_OPTIONS = { url: { type: "string" }, json: { type: "boolean", default: false } } as const;

/** What those take that ask for something of a tenant's. */
export const REMOTE_OPTIONS = { ...SERVER_OPTIONS, tenant: { type: "string" } } as const;

export interface Connection {
  readonly client: Client;
  readonly tenant: string;
}

/** Where a server is, and whose it is that is asked for. */
export interface Given {
  readonly url?: string | undefined;
  readonly tenant?: string | undefined;
}

/**
 * Reads which server is asked, for which tenant, with which key: as `clientOf`, and `--tenant` or
 * POSTHORN_TENANT.
 */
export function connectionOf(given: Given, env: NodeJS.ProcessEnv = process.env): Connection {
  const client = clientOf(given, env);
  const tenant = given.tenant ?? env["POSTHORN_TENANT"];
  if (tenant === undefined || tenant === "") {
    throw new UsageError("which tenant? Say --tenant, or set POSTHORN_TENANT");
  }
  return { client, tenant };
}

/**
 * Reads which server is asked, with which key: `--url` or POSTHORN_URL, POSTHORN_KEY or POSTHORN_ADMIN_KEY. A
 * key is no option: others on the machine see those.
 */
export function clientOf(given: Pick<Given, "url">, env: NodeJS.ProcessEnv = process.env): Client {
  return createClient(placeOf(given, env));
}

/** Reads the same, for whoever makes calls of their own. */
export function placeOf(
  { url }: Pick<Given, "url">,
  env: NodeJS.ProcessEnv = process.env,
): { readonly url: string; readonly key: string } {
  const key = env["POSTHORN_KEY"] ?? env["POSTHORN_ADMIN_KEY"];
  if (key === undefined || key === "") {
    throw new UsageError("which key? Set POSTHORN_KEY to an admin key, or to a key of the tenant");
  }
  const place = url ?? env["POSTHORN_URL"] ?? defaultOf("POSTHORN_URL") ?? "";
  if (!/^https?:\/\//.test(place)) {
    throw new UsageError("where is the server? --url, or POSTHORN_URL, is such as http://127.0.0.1:8080");
  }
  return { url: place, key };
}
