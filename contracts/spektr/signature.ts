import { createHmac, hash } from "node:crypto";
import type { ContractAttempt, ContractEndpoint } from "../contract.ts";
import { liveSecrets } from "../live-secrets.ts";
import { spektrSettings } from "./settings.ts";
import { signedHead } from "./signed-string.ts";

/**
 * The headers that sign a payload with the newest live secret; none where there is none and need be none.
 *
 * The key is the secret's text as UTF-8, not what its hexadecimal digits stand for.
 */
export function signatureHeaders(
  endpoint: ContractEndpoint,
  payload: Uint8Array,
  attempt: ContractAttempt,
): Readonly<Record<string, string>> {
  // Asked to sign and without a secret, it throws: sent unsigned, the receiver would refuse every event.
  if (endpoint.secrets.length === 0 && !spektrSettings.hmac.read(endpoint.settings)) {
    return {};
  }
  const [secret] = liveSecrets(endpoint);
  const timestamp = String(Math.floor(attempt.at / 1_000));
  const head = signedHead(spektrSettings.signedString.read(endpoint.settings), timestamp);
  const signed = createHmac("sha256", secret).update(head).update(payload);
  return {
    "x-signature-alg": "sha256",
    "x-signature-timestamp": timestamp,
    "x-signature-key-id": spektrSettings.keyId.read(endpoint.settings) ?? derivedKeyId(secret),
    "x-signature": signed.digest("hex"),
  };
}

/** Tells two secrets apart during a rotation, and tells nothing else about them. */
function derivedKeyId(secret: string): string {
  return hash("sha256", secret).slice(0, 8);
}
