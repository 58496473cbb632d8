#!/usr/bin/env node
/** The command line: finds the command and gives it the rest of the line. */
import { backup } from "./cli/backup.ts";
import { demo } from "./cli/demo.ts";
import { keys } from "./cli/keys.ts";
import { migrate } from "./cli/migrate.ts";
import { serve } from "./cli/serve.ts";
import { start } from "./cli/start.ts";
import { endOnUncaught } from "./crash.ts";
import { createLog } from "./log.ts";
import { VERSION } from "./main.ts";

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  serve,
  start,
  demo,
  keys,
  backup,
  migrate,
};

const USAGE = `posthorn ${VERSION}, a server that sends webhooks

  posthorn serve         run in production: POSTHORN_MASTER_KEY must be set
  posthorn start         run for development: keys are made, receivers on this machine are allowed
  posthorn demo [--exit] three companies on three contracts, with receivers that fail and recover
  posthorn keys rotate-master
                         seal every secret under POSTHORN_MASTER_KEY; POSTHORN_MASTER_KEY_OLD opens them
  posthorn migrate status|up
                         say which changes of the schema the database lacks, or make them, as every start does
  posthorn backup <file> copy the database, while a server serves it or none does

--config <file> names contracts of your own. Default: POSTHORN_CONFIG, else posthorn.config.ts.
Everything else is read from POSTHORN_… variables; see the README.
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
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    process.stderr.write(`posthorn knows no command ${JSON.stringify(name)}\n\n${USAGE}`);
    return 2;
  }
  return await command(args);
}

endOnUncaught(createLog({ level: "error" }));
try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`posthorn: ${error instanceof Error ? error.message : String(error)}\n`);
  const isUsage =
    error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
  process.exitCode = isUsage ? 2 : 1;
}
