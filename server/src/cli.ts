#!/usr/bin/env node
/**
 * The command line: finds the command and gives it the rest of the line. What is imported here is loaded by
 * every command, so it is next to nothing.
 */
import { COMMANDS, type Command } from "./cli/commands.ts";
import { exitCodeOf } from "./cli/remote/exit-code.ts";
import { UsageError } from "./cli/remote/usage-error.ts";
import { endOnUncaught } from "./crash.ts";
import { nearestHint } from "./nearest.ts";
import { runtimeProblem } from "./runtime.ts";
import { VERSION } from "./version.ts";

type Name = keyof typeof COMMANDS;

async function run([first = "help", ...args]: readonly string[]): Promise<number> {
  if (first === "--version" || first === "-v") {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  if (first === "help" || isHelp(first)) {
    const [of] = args;
    return await help(of === undefined ? undefined : nameOf(of));
  }
  const name = nameOf(first);
  const options = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  if (options.some(isHelp)) {
    return await help(name);
  }
  // Before what such a Node cannot load, and says nothing helpful about.
  const problem = runtimeProblem(process.versions.node);
  if (problem !== undefined) {
    throw new Error(problem);
  }
  const command: Command = await COMMANDS[name]();
  return await command(args);
}

function isHelp(word: string): boolean {
  return word === "--help" || word === "-h";
}

async function help(name: Name | undefined): Promise<0> {
  (await import("./cli/help.ts")).printHelp(VERSION, name);
  return 0;
}

function nameOf(word: string): Name {
  if (isName(word)) {
    return word;
  }
  const hint = nearestHint(word, Object.keys(COMMANDS));
  throw new UsageError(`posthorn knows no command ${JSON.stringify(word)}${hint}. posthorn help lists them`);
}

function isName(word: string): word is Name {
  return Object.hasOwn(COMMANDS, word);
}

/** Whoever read it may have seen enough; anything else means that what was asked for is not there. */
function failUnlessUnread(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") {
    fail(new Error(`what was asked for could not be written: ${error.code ?? error.message}`));
    process.exit();
  }
}

function fail(error: unknown): void {
  process.stderr.write(`posthorn: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = exitCodeOf(error);
}

endOnUncaught();
process.stdout.on("error", failUnlessUnread);
try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  fail(error);
}
