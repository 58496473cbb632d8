import { parseArgs } from "node:util";
import { type Server, startServer } from "../main.ts";
import { configOf, contractsOf, SERVE_OPTIONS, untilSignalled } from "./serve.ts";

/** `posthorn start [--config file]`: development. Prints where it is, a key, and calls to try. */
export async function start(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: SERVE_OPTIONS });
  const contracts = await contractsOf(values.config);
  const config = configOf(process.env, contracts);
  const server = await startServer({ config, contracts, isDevelopment: true });
  process.stdout.write(greeting(server));
  return await untilSignalled(server);
}

function greeting({ url, adminKey: key = "", signInUrl }: Server): string {
  const post = (path: string, body: object): string =>
    [
      `curl -s ${url}${path}`,
      `-H 'authorization: Bearer ${key}'`,
      `-H 'content-type: application/json'`,
      `-d '${JSON.stringify(body)}'`,
    ].join(" ");
  return `Posthorn serves ${url}, for development:
receivers on this machine are allowed, and keys were made for you.

${
  signInUrl === undefined
    ? "The dashboard is not built: `npm start` builds it."
    : `Dashboard  ${signInUrl}
           (this link signs you in once; later use the admin key)`
}
Admin key  ${key}

Create a tenant, an endpoint (give it a URL of yours) and an event:

${post("/v1/tenants", { id: "acme", name: "Acme" })}
${post("/v1/tenants/acme/endpoints", { url: "http://127.0.0.1:9000/hooks" })}
${post("/v1/tenants/acme/events", { type: "invoice.paid", data: { id: 42 } })}

See what happened:

curl -s ${url}/v1/tenants/acme/attempts -H 'authorization: Bearer ${key}'
`;
}
