/** A secret as it is stored: sealed under the master key. */
export interface SealedSecret {
  /** Counts an endpoint's secrets from 1; a number is never given again. */
  readonly number: number;
  readonly sealed: Uint8Array;
  /** The public half as the contract writes it; undefined where the secret has none. */
  readonly publicKey: string | undefined;
  readonly createdAt: number;
  /** When an overlap ends; undefined: it does not, this is the newest. */
  readonly expiresAt: number | undefined;
}

/** A new secret, and when the ones before it end. */
export interface Rotation {
  readonly sealed: Uint8Array;
  readonly publicKey: string | undefined;
  /** How long the older secrets live on, from `now`; 0: not at all. */
  readonly overlapMs: number;
  readonly now: number;
}

/** Each live secret may be a signature more in every request, and each is one more that can leak. */
export const LIVE_SECRETS_MAX = 5;

/** Says whether a secret may be used at a time. */
export function isLive({ expiresAt }: { readonly expiresAt: number | undefined }, at: number): boolean {
  return expiresAt === undefined || at < expiresAt;
}

/**
 * Returns an endpoint's secrets after a rotation, newest first, without those that have expired; undefined
 * where there would be more live ones than may be. An overlap never prolongs what an earlier one ends.
 */
export function rotated(
  secrets: readonly SealedSecret[],
  { sealed, publicKey, overlapMs, now }: Rotation,
): readonly SealedSecret[] | undefined {
  const overlapEnd = now + overlapMs;
  const older = secrets
    .map((secret) => ({ ...secret, expiresAt: Math.min(secret.expiresAt ?? overlapEnd, overlapEnd) }))
    .filter((secret) => isLive(secret, now));
  if (older.length >= LIVE_SECRETS_MAX) {
    return undefined;
  }
  const number = (secrets[0]?.number ?? 0) + 1;
  return [{ number, sealed, publicKey, createdAt: now, expiresAt: undefined }, ...older];
}
