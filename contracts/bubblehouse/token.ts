import { createHmac } from "node:crypto";
import type { ContractAttempt, ContractEndpoint } from "../contract.ts";
import { liveSecrets } from "../live-secrets.ts";
import { bubblehouseSettings } from "./settings.ts";

/**
 * Makes the attempt's own Bearer token: a JWT signed by HS256 with the newest live secret.
 *
 * The secret is decoded from base64 first. `jti` is the request's id, unique to the attempt.
 */
export function bearerToken(endpoint: ContractEndpoint, attempt: ContractAttempt, jti: string): string {
  const { settings } = endpoint;
  const iat = Math.floor(attempt.at / 1_000);
  // JSON leaves out what is undefined.
  const header = { typ: "JWT", alg: "HS256", kid: bubblehouseSettings.keyId.read(settings) };
  const claims = {
    iss: bubblehouseSettings.issuer.read(settings),
    sub: bubblehouseSettings.subject.read(settings),
    aud: bubblehouseSettings.audience.read(settings) ?? "BH",
    iat,
    exp: iat + bubblehouseSettings.tokenLifetimeSeconds.read(settings),
    jti,
  };
  const signed = `${base64Url(header)}.${base64Url(claims)}`;
  const [secret] = liveSecrets(endpoint);
  const signature = createHmac("sha256", Buffer.from(secret, "base64")).update(signed).digest("base64url");
  return `${signed}.${signature}`;
}

function base64Url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
