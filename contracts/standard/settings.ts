import { oneOfOrNone } from "../settings.ts";

/** The settings of a Standard Webhooks endpoint. */
export const standardSettings = {
  /**
   * What a secret that is made for the endpoint signs: `v1` is HMAC-SHA256 under a shared secret, `v1a`
   * Ed25519, of which receivers need the public key only. A secret that is given says so itself, by its
   * prefix. Default: as the secret before it; `v1` for the first.
   */
  signature: oneOfOrNone("signature", ["v1", "v1a"]),
};
