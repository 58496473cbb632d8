import { type Server, startServer } from "../main.ts";
import { exitIfUnread } from "../standard-error.ts";
import { CONFIG_OPTIONS, configOf, contractsOf, settingsOf } from "./config-given.ts";
import { parseOptions } from "./remote/parse-line.ts";
import { print } from "./remote/print.ts";
import { createSupervisor, type Supervisor } from "./supervisor.ts";

/** `posthorn serve [--json] [--config file]`: production. Returns when a signal ended it. */
export async function serve(args: readonly string[]): Promise<number> {
  const values = parseOptions(args, CONFIG_OPTIONS);
  const contracts = await contractsOf(values.config);
  const config = configOf(process.env, contracts);
  const server = await startServer({ config, contracts, settings: settingsOf(process.env) });
  const madeKey = config.adminKey === undefined ? server.adminKey : undefined;
  // Whoever is told that it serves may end it at once.
  const supervisor = createSupervisor(process.env);
  const signalled = untilSignalled(server, supervisor);
  supervisor.ready();
  process.stderr.write(`Posthorn serves ${server.url}\n`);
  if (values.json) {
    print(JSON.stringify({ kind: "serving", url: server.url, admin_key: madeKey ?? null }));
  } else if (madeKey !== undefined) {
    process.stderr.write(`An admin key was made; it is shown this once: ${madeKey}\n`);
    if (server.signInUrl !== undefined) {
      process.stderr.write(
        `This link signs you in to the dashboard once, within an hour: ${server.signInUrl}\n`,
      );
    }
  }
  return await signalled;
}

const SAME_SIGNAL_MS = 1000;
const SIGNAL_EXITS = [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const;

/** Runs until SIGINT or SIGTERM, then drains; a second signal ends the process at once. */
export async function untilSignalled(
  server: Pick<Server, "stop">,
  supervisor?: Pick<Supervisor, "stopping">,
): Promise<number> {
  const signal = await new Promise<string>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  process.stderr.write(`${signal}: finishing what is in flight\n`);
  supervisor?.stopping();
  // A terminal and whoever started us may both pass on the first signal: only a later one means "now".
  const drainingSince = Date.now();
  for (const [again, code] of SIGNAL_EXITS) {
    process.on(again, () => Date.now() - drainingSince > SAME_SIGNAL_MS && process.exit(code));
  }
  await server.stop();
  exitIfUnread(0);
  return 0;
}
