/** How the specification's keys begin, so that each says what it is for. */
export const prefixes = {
  /** A shared secret: signs and verifies `v1`. */
  secret: "whsec_",
  /** A private key: signs `v1a`. Only the sender has it. */
  privateKey: "whsk_",
  /** A public key: verifies `v1a`. */
  publicKey: "whpk_",
} as const;
