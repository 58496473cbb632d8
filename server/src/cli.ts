#!/usr/bin/env node
/** The command line: finds the command and gives it the rest of the line. */
import { exitCodeOf } from "./cli/remote/exit-code.ts";
import { endOnUncaught } from "./crash.ts";
import { createLog } from "./log.ts";
import { runtimeProblem } from "./runtime.ts";
import { VERSION } from "./version.ts";

type Command = (args: readonly string[]) => Promise<number>;

/** Each is loaded when it is called: one that asks a server needs none of what a server is made of. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import("./cli/serve.ts")).serve,
  start: async () => (await import("./cli/start.ts")).start,
  demo: async () => (await import("./cli/demo.ts")).demo,
  keys: async () => (await import("./cli/keys.ts")).keys,
  migrate: async () => (await import("./cli/migrate.ts")).migrate,
  config: async () => (await import("./cli/config.ts")).config,
  doctor: async () => (await import("./cli/doctor.ts")).doctor,
  move: async () => (await import("./cli/move.ts")).move,
  backup: async () => (await import("./cli/backup.ts")).backup,
  trigger: async () => (await import("./cli/trigger.ts")).trigger,
  endpoints: async () => (await import("./cli/endpoints.ts")).endpoints,
  events: async () => (await import("./cli/events.ts")).events,
  deliveries: async () => (await import("./cli/deliveries.ts")).deliveries,
  attempts: async () => (await import("./cli/attempts.ts")).attempts,
  replay: async () => (await import("./cli/replay.ts")).replay,
  recover: async () => (await import("./cli/recover.ts")).recover,
  resume: async () => (await import("./cli/resume.ts")).resume,
  tail: async () => (await import("./cli/tail.ts")).tail,
  listen: async () => (await import("./cli/listen.ts")).listen,
  bench: async () => (await import("./cli/bench.ts")).bench,
  clock: async () => (await import("./cli/clock.ts")).clock,
  completion: async () => (await import("./cli/completion.ts")).completionOf(Object.keys(COMMANDS)),
};

const USAGE = `posthorn ${VERSION}, a server that sends webhooks

  posthorn serve         run in production: POSTHORN_MASTER_KEY must be set
  posthorn start         run for development: keys are made, receivers on this machine are allowed
  posthorn demo [--exit] three companies on three contracts, with receivers that fail and recover
  posthorn keys rotate-master
                         seal every secret under POSTHORN_MASTER_KEY; POSTHORN_MASTER_KEY_OLD opens them
  posthorn migrate status|up
                         say which changes of the schema the database lacks, or make them, as every start does
  posthorn config [--json]
                         print every setting with its value and where that is from, secrets masked
  posthorn doctor [--json]
                         look at store, clock, disk, egress, guard, secrets and settings, and say what to do
  posthorn backup <file> copy the database, while a server serves it or none does
  posthorn move --from sqlite:path --to postgres://… [--dry-run] [--json]
                         move everything into an empty database; run it again where it ended before

  posthorn keys create <name> [--scope s …] [--rate n] [--expires-at time]
                         make an API key of a tenant, and show it this once
  posthorn keys list, posthorn keys revoke <id>
                         see which there are, or end one
  posthorn trigger <type> [-d json|@file] [--wait]
                         hand over an event; without data the example of its type
  posthorn endpoints|events|deliveries|attempts list, posthorn endpoints|events|deliveries get <id>
                         see what there is, and what became of it
  posthorn replay <endpoint> --since 2h --only dead|missed|undelivered|all [--dry-run] [--rate n]
  posthorn recover <endpoint> [--since 2h]
                         deliver again, and show how far it is
  posthorn endpoints pause|resume <id>, posthorn endpoints skip <id> [--until 2h] [--event id]
                         keep its place, let it go on, or go on behind what holds it up
  posthorn resume [--dry-run]
                         let a server send that waits since its database was restored
  posthorn tail [--state s,…] [--types t,…] [--kinds k,…] [--endpoint id]
                         watch what happens, as it happens
  posthorn listen --forward-to URL [--types t,…] [--contract name]
                         make of events the requests an endpoint would get, and make them from here
  posthorn bench [--events n] [--rounds n] [--seconds n] [--rate n]
                         measure a server on this machine beside the bare HTTP client: needs an admin key
  posthorn clock [advance 4h]
                         ask a server in development for its time, or move that ahead: retries come at once
  posthorn completion bash|zsh|fish
                         print what makes the shell complete these commands

From "keys create" to "clock" they ask a server: --url or POSTHORN_URL, --tenant or POSTHORN_TENANT, and the
key in POSTHORN_KEY. They take --json, and end with 1 for a failure, 2 for a wrong command line, 3 for not
found, 4 for a key that does not allow it.

--config <file> names contracts of your own. Default: POSTHORN_CONFIG, else posthorn.config.ts.
Everything else is read from POSTHORN_… variables: see posthorn config.
`;

async function run([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    process.stdout.write(USAGE);
    return 0;
  }
  if (name === "--version" || name === "-v") {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) {
    process.stderr.write(`posthorn knows no command ${JSON.stringify(name)}\n\n${USAGE}`);
    return 2;
  }
  // Before what such a Node cannot load, and says nothing helpful about.
  const problem = runtimeProblem(process.versions.node);
  if (problem !== undefined) {
    throw new Error(problem);
  }
  const command = await load();
  return await command(args);
}

endOnUncaught(createLog({ level: "error" }));
try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`posthorn: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = exitCodeOf(error);
}
