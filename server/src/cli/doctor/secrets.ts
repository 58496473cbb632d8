import type { Config } from "../../config.ts";
import { findDevelopmentKeys } from "../../keys.ts";
import { systemRandom } from "../../random.ts";
import { createSeal, type Seal } from "../../seal.ts";
import { openEverySecret, type SealedSecrets } from "../../stored-secrets.ts";
import { type Finding, findingsOf, saidBy } from "./finding.ts";

const { ok, warning, problem } = findingsOf("secrets");

/** Says whether the master keys open every secret; `registry` undefined: none could be read. */
export async function secretFindings(
  config: Config,
  registry: SealedSecrets | undefined,
): Promise<readonly Finding[]> {
  try {
    const { findings, key } = masterKeyOf(config);
    if (key === undefined) {
      return findings;
    }
    const seal = createSeal({ key, olderKeys: config.olderMasterKeys, random: systemRandom });
    const hasOlder = config.olderMasterKeys.length > 0;
    return [...findings, ...(registry ? await openedFindings(registry, seal, hasOlder) : [UNREAD])];
  } catch (error) {
    return [problem(`secrets cannot be looked at: ${saidBy(error)}`, "mend what it says")];
  }
}

const UNREAD = ok("the master key has its form; there are no secrets that could be read");

function masterKeyOf(config: Config): { findings: readonly Finding[]; key: Uint8Array | undefined } {
  if (config.masterKey !== undefined) {
    return { findings: [], key: config.masterKey };
  }
  const key = findDevelopmentKeys(config)?.masterKey;
  if (key === undefined) {
    const fix =
      "make one with `openssl rand -base64 32`, and set it or POSTHORN_MASTER_KEY_FILE; " +
      "posthorn start makes one of its own";
    return { findings: [problem("POSTHORN_MASTER_KEY is not set", fix)], key };
  }
  const says = "POSTHORN_MASTER_KEY is not set: posthorn start uses the key that it made for development";
  return { findings: [warning(says, "set it before posthorn serve, which does not start without")], key };
}

async function openedFindings(
  registry: SealedSecrets,
  seal: Seal,
  hasOlder: boolean,
): Promise<readonly Finding[]> {
  const { current, older, unknownKeyIds, unopened } = await openEverySecret(registry, seal);
  const found: Finding[] = [];
  if (unknownKeyIds.size > 0) {
    const ids = [...unknownKeyIds].join(", ");
    found.push(
      problem(
        `secrets are sealed under the master key of the id ${ids}, which was not given ` +
          `(the one that was has the id ${seal.keyId})`,
        "give that key in POSTHORN_MASTER_KEY_OLD; no server starts without it",
      ),
    );
  }
  if (unopened.size > 0 && unknownKeyIds.size === 0) {
    found.push(
      problem(
        `secrets of ${unopened.size} endpoints do not open: they were changed in the database`,
        "restore a backup, or give these endpoints new secrets; nothing is sent to them",
      ),
    );
  }
  if (older > 0) {
    found.push(
      warning(`${older} secrets are sealed under older master keys`, "run posthorn keys rotate-master"),
    );
  }
  if (found.length > 0) {
    return found;
  }
  const unneeded = hasOlder ? "; POSTHORN_MASTER_KEY_OLD opens none of them and can go" : "";
  return [ok(`the master key ${seal.keyId} opens all ${current} secrets${unneeded}`)];
}
