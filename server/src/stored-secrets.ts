/** Every secret that is stored, and the master keys they are sealed under. */
import { keyIdOf, type Seal, secretContext } from "./seal.ts";
import type { PlacedSecret, SealReplacement, SecretRegistry } from "./secret-registry.ts";

export interface SecretSurvey {
  /** Secrets under the key that seals. */
  readonly current: number;
  /** Secrets under older keys that are known. */
  readonly older: number;
  /** Keys that secrets are under and that nobody gave. */
  readonly unknownKeyIds: ReadonlySet<string>;
}

export interface Resealing {
  /** How many are under the new key now and were not before. */
  readonly resealed: number;
  /** Numbers of the endpoints that have a secret which does not open: it was left as it is. */
  readonly unopened: ReadonlySet<number>;
}

/** Of one transaction. */
const STEP_SECRETS = 500;

export type SealedSecrets = Pick<SecretRegistry, "readSealed">;

/** As `surveySecrets`. Throws, with the key's id, if secrets are under one that nobody gave. */
export async function surveyKnownSecrets(registry: SealedSecrets, seal: Seal): Promise<SecretSurvey> {
  const survey = await surveySecrets(registry, seal);
  if (survey.unknownKeyIds.size > 0) {
    throw new Error(
      `secrets are sealed under the master key of the id ${[...survey.unknownKeyIds].join(", ")}, which ` +
        `was not given (POSTHORN_MASTER_KEY has the id ${seal.keyId}): give it in POSTHORN_MASTER_KEY_OLD.`,
    );
  }
  return survey;
}

/** Looks at what every stored envelope says of its key, and opens none. */
export async function surveySecrets(registry: SealedSecrets, seal: Seal): Promise<SecretSurvey> {
  let current = 0;
  let older = 0;
  const unknownKeyIds = new Set<string>();
  for await (const page of pagesOf(registry)) {
    for (const { sealed } of page) {
      const keyId = keyIdOf(sealed);
      if (keyId === seal.keyId) {
        current += 1;
      } else if (keyId !== undefined && seal.knows(keyId)) {
        older += 1;
      } else if (keyId !== undefined) {
        unknownKeyIds.add(keyId);
      }
    }
  }
  return { current, older, unknownKeyIds };
}

/** As `surveySecrets`, and opens every secret; numbers of the endpoints that have one which does not open. */
export async function openEverySecret(
  registry: SealedSecrets,
  seal: Seal,
): Promise<SecretSurvey & Pick<Resealing, "unopened">> {
  const survey = await surveySecrets(registry, seal);
  const unopened = new Set<number>();
  for await (const page of pagesOf(registry)) {
    for (const { tenant, endpoint, sealed } of page) {
      if (openedText(seal, sealed, secretContext(tenant, endpoint)) === undefined) {
        unopened.add(endpoint);
      }
    }
  }
  return { ...survey, unopened };
}

/**
 * Seals every stored secret under the key that seals, in steps. It may end after any of them, however it
 * ends: what it did not reach stays under its older key, and the next call goes on. It looks again until
 * nothing is left to do, so that what another process sealed meanwhile under an older key is not missed.
 */
export async function resealSecrets(registry: SecretRegistry, seal: Seal): Promise<Resealing> {
  let resealed = 0;
  for (;;) {
    const pass = await resealOnce(registry, seal);
    if (pass.resealed === 0) {
      return { resealed, unopened: pass.unopened };
    }
    resealed += pass.resealed;
  }
}

async function resealOnce(registry: SecretRegistry, seal: Seal): Promise<Resealing> {
  const unopened = new Set<number>();
  let resealed = 0;
  for await (const page of pagesOf(registry)) {
    const replacements: SealReplacement[] = [];
    const stale = page.filter(({ sealed }) => keyIdOf(sealed) !== seal.keyId);
    for (const { tenant, endpoint, number, sealed: seen } of stale) {
      const context = secretContext(tenant, endpoint);
      const text = openedText(seal, seen, context);
      if (text === undefined) {
        unopened.add(endpoint);
      } else {
        replacements.push({ endpoint, number, seen, sealed: seal.seal(text, context) });
      }
    }
    resealed += await registry.replaceSealed(replacements);
  }
  return { resealed, unopened };
}

function openedText(seal: Seal, sealed: Uint8Array, context: string): string | undefined {
  try {
    return seal.unseal(sealed, context);
  } catch {
    return undefined;
  }
}

async function* pagesOf(registry: SealedSecrets): AsyncGenerator<readonly PlacedSecret[]> {
  let page = await registry.readSealed(undefined, STEP_SECRETS);
  while (page.length > 0) {
    yield page;
    page = await registry.readSealed(page.at(-1), STEP_SECRETS);
  }
}
