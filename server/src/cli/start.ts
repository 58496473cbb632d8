import { type Server, startServer } from "../main.ts";
import { CONFIG_OPTIONS, configOf, contractsOf, settingsOf } from "./config-given.ts";
import { whenNpmEnds } from "./npm-end.ts";
import { parseOptions } from "./remote/parse-line.ts";
import { print } from "./remote/print.ts";
import { untilSignalled } from "./serve.ts";

/** `posthorn start [--json] [--config file]`: development. Prints where it is, a key, and calls to try. */
export async function start(args: readonly string[]): Promise<number> {
  const values = parseOptions(args, CONFIG_OPTIONS);
  const contracts = await contractsOf(values.config);
  const config = configOf(process.env, contracts);
  const server = await startServer({
    config,
    contracts,
    settings: settingsOf(process.env),
    isDevelopment: true,
  });
  const { url, adminKey, signInUrl } = server;
  const serving = { kind: "serving", url, admin_key: adminKey ?? null, sign_in_url: signInUrl ?? null };
  const signalled = untilSignalled(server);
  whenNpmEnds(() => {
    process.stderr.write("the npm that started this has ended\n");
    process.kill(process.pid, "SIGTERM");
  });
  print(values.json ? JSON.stringify(serving) : greeting(server));
  return await signalled;
}

function greeting({ url, adminKey: key = "", signInUrl, testReceiver }: Server): string {
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

Create a tenant, an endpoint (at the receiver of this server; give it a URL of yours) and an event:

${post("/v1/tenants", { id: "acme", name: "Acme" })}
${post("/v1/tenants/acme/endpoints", { url: testReceiver?.urlOf("acme") ?? "" })}
${post("/v1/tenants/acme/events", { type: "invoice.paid", data: { id: 42 } })}

See what happened:

curl -s ${url}/v1/tenants/acme/attempts -H 'authorization: Bearer ${key}'`;
}
