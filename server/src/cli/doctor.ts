import { systemClock } from "../clock.ts";
import type { Config } from "../config.ts";
import { type Inspection, inspectDatabase } from "../databases.ts";
import { CONFIG_OPTIONS } from "./config-given.ts";
import { clockFindings } from "./doctor/clock.ts";
import { readConfiguration } from "./doctor/configuration.ts";
import { diskFindings } from "./doctor/disk.ts";
import { egressFindings, guardFindings } from "./doctor/egress.ts";
import { type Finding, findingsOf } from "./doctor/finding.ts";
import { secretFindings } from "./doctor/secrets.ts";
import { storeFindings, unopenedStore } from "./doctor/store.ts";
import { parseOptions } from "./remote/parse-line.ts";
import { print } from "./remote/print.ts";
import { plain } from "./remote/table.ts";

const { warning } = findingsOf("configuration");
const UNLOOKED = warning(
  "nothing else was looked at: where that is, the configuration says",
  "mend the configuration, then run posthorn doctor again",
);

/**
 * `posthorn doctor [--json] [--config file]`: looks at everything a server needs, whether one runs or none
 * does, and changes nothing. Returns 1 if there is a problem.
 */
export async function doctor(args: readonly string[]): Promise<number> {
  const values = parseOptions(args, CONFIG_OPTIONS);
  const { findings: settings, config } = await readConfiguration(process.env, values.config);
  const findings = [...settings, ...(config === undefined ? [UNLOOKED] : await findingsWith(config))];
  findings.map(values.json ? (each) => JSON.stringify(each) : lineOf).forEach(print);
  return findings.some(({ status }) => status === "problem") ? 1 : 0;
}

async function findingsWith(config: Config): Promise<readonly Finding[]> {
  const { store, inspection } = await inspect(config);
  try {
    const contents = inspection?.contents;
    const clock = clockFindings({
      now: systemClock.now(),
      jumpedMs: systemClock.now() - (performance.timeOrigin + systemClock.monotonic()),
      newestAt: contents?.newestAt,
      databaseAheadMs: contents?.clockAheadMs,
    });
    const disk = diskFindings(config.database);
    const ways = [...(await egressFindings(config)), ...guardFindings(config)];
    return [...store, ...clock, ...disk, ...ways, ...(await secretFindings(config, contents))];
  } finally {
    await inspection?.close();
  }
}

async function inspect({ database }: Config): Promise<{
  readonly store: readonly Finding[];
  readonly inspection?: Inspection | undefined;
}> {
  try {
    const inspection = await inspectDatabase(database, systemClock);
    return { store: storeFindings(inspection, database), inspection };
  } catch (error) {
    return { store: [unopenedStore(error)] };
  }
}

function lineOf({ check, status, says, fix }: Finding): string {
  return plain(`${status.padEnd(7)}  ${check.padEnd(13)}  ${says}${fix === null ? "" : ` → ${fix}`}`);
}
