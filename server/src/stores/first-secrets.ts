import type { SealedSecret } from "../model/secret.ts";
import type { EndpointDraft } from "../registry.ts";

/** Returns the secrets that a new endpoint has: the one it is drafted with, or none. */
export function firstSecrets({ secret, now }: EndpointDraft, endpoint: number): readonly SealedSecret[] {
  if (secret === undefined) {
    return [];
  }
  const { seal, publicKey } = secret;
  return [{ number: 1, sealed: seal(endpoint), publicKey, createdAt: now, expiresAt: undefined }];
}
