import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configOf } from "../../server/src/cli/config-given.ts";
import { startServer } from "../../server/src/main.ts";
import { asObject } from "../house-rules/tree.ts";

/** Asks a server for the description of its API, without event types, which have a page of their own. */
export async function servedDescription(): Promise<Readonly<Record<string, unknown>>> {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-reference-"));
  const config = configOf({
    POSTHORN_DATABASE_URL: `sqlite:${join(folder, "reference.db")}`,
    POSTHORN_LOG_LEVEL: "error",
  });
  const server = await startServer({
    config: { ...config, port: 0 },

    isDevelopment: true,
  });
  try {
    const answer = await fetch(`${server.url}/openapi.json`);
    const { webhooks: _, ...description } = asObject(await answer.json());
    return description;
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}
