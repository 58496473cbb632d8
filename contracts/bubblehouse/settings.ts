import { flag, oneOf, text, wholeNumber } from "../settings.ts";

const claim = {
  pattern: /^[^\p{Cc}]{1,256}$/u,
  allowed: "1 to 256 characters, none of them a control character",
};

/**
 * The settings of a Bubblehouse endpoint.
 *
 * No page of the vendor says which claims its hook tokens carry; these follow the tokens it asks of others.
 */
export const bubblehouseSettings = {
  /** `X-BH-Urgency`. Default: `regular`. */
  urgency: oneOf("urgency", ["regular", "urgent", "real-time"]),
  /** Whether Hello1 must be answered before events are sent. Default: `true`. */
  handshake: flag("handshake", true),
  /** How the secret is written: as the vendor shows it, or as the key's own text. Default: `base64`. */
  secretEncoding: oneOf("secret_encoding", ["base64", "text"]),
  /** `kid` in the token's header, by which receivers choose among their secrets. Default: none. */
  keyId: text("key_id", claim),
  /** The token's `aud`. Default: `BH`. */
  audience: text("audience", claim),
  /** The token's `sub`. Default: none. */
  subject: text("subject", claim),
  /** The token's `iss`. Default: none. */
  issuer: text("issuer", claim),
  /** How long the token is valid after the attempt. Default: 300. */
  tokenLifetimeSeconds: wholeNumber("token_lifetime_seconds", { from: 60, to: 86_400, byDefault: 300 }),
};
