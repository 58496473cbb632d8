import { batchSettings } from "../batch-settings.ts";
import { flag, oneOf, text } from "../settings.ts";
import { signedStrings } from "./signed-string.ts";

/**
 * The settings of a spektr endpoint. Where the vendor's pages are silent, the default is ours.
 */
export const spektrSettings = {
  /**
   * Whether there must be a secret: one is made for an endpoint that comes without.
   * Requests are signed wherever there is a secret. Default: false.
   */
  hmac: flag("hmac"),
  /**
   * Names the signing secret in `x-signature-key-id`. A name set here does not change when the secret does.
   * Default: the first 8 hexadecimal digits of the secret's SHA-256, which does.
   */
  keyId: text("key_id", {
    pattern: /^[\x21-\x7e]{1,128}$/,
    allowed: "1 to 128 characters of visible ASCII without spaces",
  }),
  /**
   * What the HMAC covers: the timestamp, a dot and the body; the timestamp and the body; or the body.
   * Which of them the vendor signs is not known to us: ask it, and set that. Default: `timestamp.body`.
   */
  signedString: oneOf("signed_string", signedStrings),
  /** Stands as `workspaceId`. Default: the tenant's id. */
  workspaceId: text("workspace_id", {
    pattern: /^[^\p{Cc}]{1,128}$/u,
    allowed: "1 to 128 characters, none of them a control character",
  }),
  ...batchSettings,
};
