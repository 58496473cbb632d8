import { CONTRACTS } from "../../built-in-contracts.ts";
import { type Config, readConfig } from "../../config.ts";
import { NAMES } from "../../settings.ts";
import { contractsOf } from "../config-given.ts";
import { type Finding, findingsOf, saidBy } from "./finding.ts";

const { ok, problem } = findingsOf("configuration");

export interface Configuration {
  readonly findings: readonly Finding[];
  /** Undefined: it is not right, so that nobody knows what else to look at. */
  readonly config: Config | undefined;
}

/** Reads the configuration as a start does, and goes on where only a name in it is unknown. */
export async function readConfiguration(
  env: NodeJS.ProcessEnv,
  configOption: string | undefined,
): Promise<Configuration> {
  const { names, findings } = await contractNames(configOption);
  const contracts = [...CONTRACTS.keys(), ...names];
  const read = readConfig(env, { contracts });
  if (read.kind === "config") {
    return { findings: findings.length > 0 ? findings : [ALL_RIGHT], config: read.config };
  }
  const known = readConfig(Object.fromEntries(Object.entries(env).filter(([name]) => NAMES.includes(name))), {
    contracts,
  });
  return {
    findings: [...findings, ...read.problems.map((says) => problem(says, FIX))],
    config: known.kind === "config" ? known.config : undefined,
  };
}

const ALL_RIGHT = ok("every setting is known and right");
const FIX = "set it right or unset it; posthorn config shows what is set, and no server starts like this";

async function contractNames(option: string | undefined) {
  try {
    return { names: (await contractsOf(option)).map(({ name }) => name), findings: [] };
  } catch (error) {
    return { names: [], findings: [problem(saidBy(error), "mend that file; no server starts with it")] };
  }
}
