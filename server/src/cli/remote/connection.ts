import { type Client, createClient } from "@posthorn/client/client";
import { UsageError } from "./usage-error.ts";

/** What every command that asks a server takes. */
export const REMOTE_OPTIONS = {
  url: { type: "string" },
  tenant: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

const DEFAULT_URL = "http://127.0.0.1:8080";

export interface Connection {
  readonly client: Client;
  readonly tenant: string;
}

/**
 * Reads which server is asked, for which tenant, with which key: `--url` or POSTHORN_URL, `--tenant` or
 * POSTHORN_TENANT, POSTHORN_KEY or POSTHORN_ADMIN_KEY. A key is no option: others on the machine see those.
 */
export function connectionOf(
  { url, tenant }: { readonly url?: string | undefined; readonly tenant?: string | undefined },
  env: NodeJS.ProcessEnv = process.env,
): Connection {
  const key = env["POSTHORN_KEY"] ?? env["POSTHORN_ADMIN_KEY"];
  const whose = tenant ?? env["POSTHORN_TENANT"];
  if (key === undefined || key === "") {
    throw new UsageError("which key? Set POSTHORN_KEY to an admin key, or to a key of the tenant");
  }
  if (whose === undefined || whose === "") {
    throw new UsageError("which tenant? Say --tenant, or set POSTHORN_TENANT");
  }
  return {
    client: createClient({ url: url ?? env["POSTHORN_URL"] ?? DEFAULT_URL, key }),
    tenant: whose,
  };
}
