import { openStore } from "../databases.ts";
import { createLog } from "../log.ts";
import { systemRandom } from "../random.ts";
import { createSeal } from "../seal.ts";
import { resealSecrets } from "../stored-secrets.ts";
import { CONFIG_OPTIONS, configOf, contractsOf } from "./config-given.ts";
import { parseOptions } from "./remote/parse-line.ts";
import { print } from "./remote/print.ts";

/**
 * `posthorn keys rotate-master [--json] [--config file]`: seals every secret under
 * `POSTHORN_MASTER_KEY`, and leaves nothing under an older key in the files. Returns 1 if secrets did not
 * open.
 */
export async function rotateMaster(args: readonly string[]): Promise<number> {
  const values = parseOptions(args, CONFIG_OPTIONS);
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
    const done = { key_id: seal.keyId, resealed, unopened_endpoints: unopened.size };
    print(values.json ? JSON.stringify(done) : `sealed anew under the master key ${seal.keyId}: ${resealed}`);
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
