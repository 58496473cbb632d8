import { bearerTokenOf } from "../bearer-token.ts";
import type { ReceivingOptions, Verification } from "../receiving.ts";
import {
  type Bytes,
  bytesOfBase64,
  bytesOfBase64Url,
  isJsonObject,
  jsonOfBytes,
  utf8Bytes,
} from "../web-bytes.ts";
import { anySignatureMatches, hmacSha256 } from "../web-hmac.ts";

/** A secret with the name that a token's `kid` calls it by. */
export interface NamedSecret {
  readonly keyId: string;
  readonly secret: string | undefined;
}

/** What a token must be. */
export interface TokenRules extends Omit<ReceivingOptions, "secrets"> {
  /**
   * The shared secrets. One with a `keyId` is tried for tokens of that `kid`, and for tokens without; one
   * without for all tokens. Those that are undefined are passed over.
   */
  readonly secrets: readonly (string | NamedSecret | undefined)[];
  /** How secrets are written: as the vendor shows them, or as the key's own text. Default: `base64`. */
  readonly secretEncoding?: "base64" | "text";
  /** How far `exp`, `nbf` and `iat` may be off, in seconds. Default: 60. */
  readonly leewaySeconds?: number;
  /** The `aud` that a token must have. Default: any, or none. */
  readonly audience?: string;
  /** The `iss` that a token must have. Default: any, or none. */
  readonly issuer?: string;
}

interface Key {
  readonly keyId: string | undefined;
  readonly key: Bytes;
}

/** HS256 wants 32 bytes; the vendor does not say how long its secrets are. Fewer than these are a mistake. */
const keyBytesMin = 16;

/**
 * Makes the check of an Authorization header: a JWT by HS256 and nothing else, signed with a live secret.
 *
 * Which claims the vendor's tokens carry is not documented: `exp`, `nbf` and `iat` count where present.
 */
export function tokenVerifier(
  rules: TokenRules,
): (authorization: string | undefined) => Promise<Verification> {
  const keys = keysOf(rules);
  return async (authorization) => {
    const token = bearerTokenOf(authorization);
    if (token === undefined) {
      return refused("token_missing");
    }
    const [head = "", claims = "", signature = "", ...rest] = token.split(".");
    const header = jsonOf(head);
    const given = bytesOfBase64Url(signature);
    if (header === undefined || given === undefined || rest.length > 0) {
      return refused("token_malformed");
    }
    // Named here, never taken from the token: "none" and keys of other kinds have no way in.
    if (header["alg"] !== "HS256" || header["crit"] !== undefined) {
      return refused("token_algorithm_refused");
    }
    const { kid } = header;
    const signed = utf8Bytes(`${head}.${claims}`);
    const eligible = keys.filter(({ keyId }) => kid === undefined || keyId === undefined || keyId === kid);
    const expected = await Promise.all(eligible.map(({ key }) => hmacSha256(key, signed)));
    if (!anySignatureMatches(expected, [given])) {
      return refused("token_signature_mismatch");
    }
    return claimsVerdict(jsonOf(claims), rules);
  };
}

function keysOf({ secrets, secretEncoding = "base64" }: TokenRules): readonly Key[] {
  const keys: Key[] = [];
  for (const each of secrets) {
    const { keyId, secret } = typeof each === "object" ? each : { keyId: undefined, secret: each };
    if (secret === undefined) {
      continue;
    }
    const key =
      secretEncoding === "text" ? utf8Bytes(secret) : (bytesOfBase64(secret) ?? bytesOfBase64Url(secret));
    if (key === undefined || key.length < keyBytesMin) {
      throw new Error(
        `a secret of bubblehouse must be ${secretEncoding} of at least ${keyBytesMin} bytes, ` +
          `got a text of ${secret.length} characters`,
      );
    }
    keys.push({ keyId, key });
  }
  if (keys.length === 0) {
    throw new Error("a receiver of bubblehouse needs at least one secret, got none");
  }
  return keys;
}

function jsonOf(segment: string): Readonly<Record<string, unknown>> | undefined {
  const bytes = bytesOfBase64Url(segment);
  const value = bytes === undefined ? undefined : jsonOfBytes(bytes);
  return isJsonObject(value) ? value : undefined;
}

function claimsVerdict(
  claims: Readonly<Record<string, unknown>> | undefined,
  rules: TokenRules,
): Verification {
  const { leewaySeconds = 60, audience, issuer, now = Date.now } = rules;
  if (claims === undefined || ["exp", "nbf", "iat"].some((name) => !isInstant(claims[name]))) {
    return refused("token_malformed");
  }
  const { exp, nbf, iat, aud, iss } = claims;
  const at = now() / 1_000;
  if (typeof exp === "number" && at - leewaySeconds >= exp) {
    return refused("token_expired");
  }
  if ([nbf, iat].some((from) => typeof from === "number" && at + leewaySeconds < from)) {
    return refused("token_not_yet_valid");
  }
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (audience !== undefined && !audiences.includes(audience)) {
    return refused("token_audience_mismatch");
  }
  return issuer === undefined || iss === issuer ? { kind: "ok" } : refused("token_issuer_mismatch");
}

function isInstant(claim: unknown): boolean {
  return claim === undefined || (typeof claim === "number" && Number.isFinite(claim));
}

function refused(reason: string): Verification {
  return { kind: "refused", reason };
}
