import { type ParseArgsConfig, parseArgs } from "node:util";
import { nearestHint, nearestOf } from "../../nearest.ts";
import { UsageError } from "./usage-error.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** Reads options, of a command that takes nothing else. Throws a UsageError that says what is wrong. */
export function parseOptions<const Given extends Options>(args: readonly string[], options: Given) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
  } catch (error) {
    throw wrongLine(error, Object.keys(options));
  }
}

/** Reads options and what stands beside them. Throws a UsageError that says what is wrong. */
export function parseLine<const Given extends Options>(args: readonly string[], options: Given) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw wrongLine(error, Object.keys(options));
  }
}

/** Says what a word must be that stands where a command goes on with one of its verbs. */
export function wrongVerb(command: string, verbs: readonly string[], given: string | undefined): UsageError {
  const takes = new Intl.ListFormat("en-GB", { type: "disjunction" }).format(verbs);
  const nearest = given === undefined || verbs.length === 1 ? "" : nearestHint(given, verbs);
  return new UsageError(`posthorn ${command} takes ${takes}, got ${JSON.stringify(given ?? "")}${nearest}`);
}

function wrongLine(error: unknown, names: readonly string[]): unknown {
  if (!(error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"))) {
    return error;
  }
  const [, given] = /^Unknown option '(-[^']*)'/.exec(error.message) ?? [];
  if (given === undefined) {
    return new UsageError(error.message);
  }
  const known = names.map((name) => `--${name}`);
  const takes =
    known.length === 0
      ? "it takes none"
      : `the nearest is ${nearestOf(given, known)}, of ${known.join(", ")}`;
  return new UsageError(`there is no option ${JSON.stringify(given)}; ${takes}`);
}
