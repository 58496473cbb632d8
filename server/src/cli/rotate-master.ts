import { parseArgs } from "node:util";
import { openStore } from "../databases.ts";
import { createLog } from "../log.ts";
import { systemRandom } from "../random.ts";
import { createSeal } from "../seal.ts";
import { resealSecrets } from "../stored-secrets.ts";
import { configOf, contractsOf, SERVE_OPTIONS } from "./serve.ts";

/**
 * `posthorn keys rotate-master [--config file]`: seals every secret under `POSTHORN_MASTER_KEY`, and leaves
 * nothing under an older key in the files. Returns 1 if secrets did not open.
 */
export async function rotateMaster(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: SERVE_OPTIONS });
  const config = configOf(process.env, await contractsOf(values.config));
  const { masterKey: key, olderMasterKeys: olderKeys, logLevel } = config;
  if (key === undefined) {
    throw new Error("POSTHORN_MASTER_KEY is not set: it is the key under which secrets are to be sealed.");
  }
  const seal = createSeal({ key, olderKeys, random: systemRandom });
  const store = await openStore(config, createLog({ level: logLevel }));
  try {
    const { resealed, unopened } = await resealSecrets(store, seal);
    await store.scrub();
    process.stdout.write(`sealed anew under the master key ${seal.keyId}: ${resealed}\n`);
    if (unopened.size === 0) {
      return 0;
    }
    process.stderr.write(
      `secrets of ${unopened.size} endpoints did not open and were left as they are: they are damaged, ` +
        "or under a key that is not in POSTHORN_MASTER_KEY_OLD\n",
    );
    return 1;
  } finally {
    await store.close();
  }
}
