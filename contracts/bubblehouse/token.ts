import { createHmac } from "node:crypto";
import type { ContractEndpoint } from "../contract.ts";
import { liveSecrets } from "../live-secrets.ts";
import { keyOf } from "./secret.ts";
import { bubblehouseSettings } from "./settings.ts";

/**
 * Makes a request's own Bearer token: a JWT signed by HS256 with the newest live secret.
 *
 * `at` is when it is made, in milliseconds since 1970; `jti` is unique to the request.
 */
export function bearerToken(
  endpoint: ContractEndpoint,
  { at, jti }: { readonly at: number; readonly jti: string },
): string {
  const { settings } = endpoint;
  const iat = Math.floor(at / 1_000);
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
  const key = keyOf(liveSecrets(endpoint)[0], settings);
  if (key === undefined) {
    throw new Error(`the stored secret of ${endpoint.id} must be a key in the encoding of its settings`);
  }
  const signature = createHmac("sha256", key).update(signed).digest("base64url");
  return `${signed}.${signature}`;
}

function base64Url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
