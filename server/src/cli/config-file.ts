/** The file in which an installation names contracts of its own. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { registerHooks } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Contract, isContract } from "@posthorn/contracts/contract";
import { contractFaults } from "@posthorn/contracts/contract-faults";

const FILE_NAME = "posthorn.config.ts";
const CONTRACTS_PACKAGE = /^@posthorn\/contracts(\/|$)/;

export interface ConfigFileSearch {
  /** The working directory: the file is taken from there if none is named. */
  readonly folder: string;
  /** What `--config` names. */
  readonly option: string | undefined;
  /** What `POSTHORN_CONFIG` names; the option goes before it. */
  readonly variable: string | undefined;
}

export interface ConfigFile {
  readonly path: string;
  readonly contracts: readonly Contract[];
}

/**
 * Loads `posthorn.config.ts`; undefined where there is none and none was named.
 *
 * It exports `contracts`, a list of contracts. Throws an Error that names the file and all that is wrong.
 */
export async function loadConfigFile(
  search: ConfigFileSearch,
  builtIn: ReadonlyMap<string, Contract>,
): Promise<ConfigFile | undefined> {
  const path = findFile(search);
  if (path === undefined) {
    return undefined;
  }
  const exported = await load(path);
  const listed = "contracts" in exported ? exported.contracts : undefined;
  const problems = Array.isArray(listed) ? listProblems(listed, builtIn) : [exportProblem(exported)];
  if (problems.length > 0) {
    throw new Error(`${path} is not right:\n  ${problems.join("\n  ")}`);
  }
  return { path, contracts: Array.isArray(listed) ? listed.filter(isContract) : [] };
}

function findFile({ folder, option, variable }: ConfigFileSearch): string | undefined {
  const named = option ?? variable;
  const path = resolve(folder, named ?? FILE_NAME);
  if (existsSync(path)) {
    return path;
  }
  if (named === undefined) {
    return undefined;
  }
  const by = option === undefined ? "POSTHORN_CONFIG" : "--config";
  throw new Error(`${by} must name a file that is there, got ${JSON.stringify(named)}, which is ${path}`);
}

/** Runs the file. Wherever it lies, what it imports of `@posthorn/contracts` is this server's own. */
async function load(path: string): Promise<object> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      CONTRACTS_PACKAGE.test(specifier)
        ? next(specifier, { ...context, parentURL: import.meta.url })
        : next(specifier, context),
  });
  try {
    const exported: unknown = await import(pathToFileURL(path).href);
    assert(typeof exported === "object" && exported !== null, "a module is an object");
    return exported;
  } catch (error) {
    const said = error instanceof Error ? error.message : "it threw what is no Error";
    throw new Error(`${path} cannot be loaded: ${said}`, { cause: error });
  } finally {
    hooks.deregister();
  }
}

function exportProblem(exported: object): string {
  const names = Object.keys(exported);
  const got = "contracts" in exported ? "another value of that name" : names.join(", ") || "nothing";
  return `it must export a list as in \`export const contracts = [acme]\`, it exports ${got}`;
}

function listProblems(listed: readonly unknown[], builtIn: ReadonlyMap<string, Contract>): readonly string[] {
  const seen = new Set<unknown>();
  return listed.flatMap((contract, index) => {
    const of = placeOf(contract, index);
    const name = nameOf(contract);
    const isRepeated = seen.has(name);
    seen.add(name);
    const faults = [...contractFaults(contract)];
    if (name !== undefined && builtIn.has(name)) {
      faults.push("name must be another: a contract of that name is built in");
    } else if (name !== undefined && isRepeated) {
      faults.push("name must be another: it stands there twice");
    }
    return faults.map((fault) => `${of}: ${fault}`);
  });
}

function placeOf(contract: unknown, index: number): string {
  const name = nameOf(contract);
  return name === undefined ? `contracts[${index}]` : `contracts[${index}], ${JSON.stringify(name)}`;
}

function nameOf(contract: unknown): string | undefined {
  const isObject = typeof contract === "object" && contract !== null && "name" in contract;
  return isObject && typeof contract.name === "string" ? contract.name : undefined;
}
