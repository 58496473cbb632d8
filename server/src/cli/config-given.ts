/** What the commands that serve, or open a database, are told: settings, and a file of contracts. */
import { readFileSync } from "node:fs";
import type { Contract } from "@posthorn/contracts/contract";
import { CONTRACTS } from "../built-in-contracts.ts";
import { readConfig } from "../config.ts";
import { SETTINGS } from "../settings.ts";
import { type ShownSetting, shownSettings } from "../shown-settings.ts";
import { loadConfigFile } from "./config-file.ts";

/** What every one of them takes. */
export const CONFIG_OPTIONS = {
  config: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

/** Loads the installation's own contracts and says so. Throws an Error with every problem in their file. */
export async function contractsOf(option: string | undefined): Promise<readonly Contract[]> {
  const variable = process.env["POSTHORN_CONFIG"];
  const file = await loadConfigFile({ folder: process.cwd(), option, variable }, CONTRACTS);
  if (file === undefined) {
    return [];
  }
  process.stderr.write(`${file.path}: ${file.contracts.map(({ name }) => name).join(", ") || "nothing"}\n`);
  return file.contracts;
}

/**
 * Reads the configuration, given the contracts beside the built-in ones. Throws an Error with every problem
 * in it, a line each.
 */
export function configOf(env: NodeJS.ProcessEnv, own: readonly Contract[] = []) {
  const names = own.map(({ name }) => name);
  const read = readConfig(env, { contracts: [...CONTRACTS.keys(), ...names] });
  if (read.kind === "problems") {
    throw new Error(`the configuration is not right:\n  ${read.problems.join("\n  ")}`);
  }
  return read.config;
}

/** What the server's settings are and where they are from, without their secrets. */
export function settingsOf(env: NodeJS.ProcessEnv): readonly ShownSetting[] {
  const ofServer = new Set<string>(SETTINGS.filter(({ of }) => of === "server").map(({ name }) => name));
  return shownSettings(env, (path) => readFileSync(path, "utf8")).filter(({ name }) => ofServer.has(name));
}
