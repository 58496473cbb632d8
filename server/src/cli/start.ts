import { parseArgs } from "node:util";
import { startServer } from "../main.ts";
import { configOf, untilSignalled } from "./serve.ts";

/** `posthorn start`: development. Prints where it is, a key, and calls that work as they stand. */
export async function start(args: readonly string[]): Promise<number> {
  parseArgs({ args: [...args], options: {} });
  const server = await startServer({ config: configOf(process.env), isDevelopment: true });
  process.stdout.write(greeting(server.url, server.adminKey ?? ""));
  return await untilSignalled(server);
}

function greeting(url: string, key: string): string {
  const post = (path: string, body: object): string =>
    [
      `curl -s ${url}${path}`,
      `-H 'authorization: Bearer ${key}'`,
      `-H 'content-type: application/json'`,
      `-d '${JSON.stringify(body)}'`,
    ].join(" ");
  return `Posthorn serves ${url}, for development:
receivers on this machine are allowed, and keys were made for you.

Admin key  ${key}

Create a tenant, an endpoint (give it a URL of yours) and an event:

${post("/v1/tenants", { id: "acme", name: "Acme" })}
${post("/v1/tenants/acme/endpoints", { url: "http://127.0.0.1:9000/hooks" })}
${post("/v1/tenants/acme/events", { type: "invoice.paid", data: { id: 42 } })}

See what happened:

curl -s ${url}/v1/tenants/acme/attempts -H 'authorization: Bearer ${key}'
`;
}
