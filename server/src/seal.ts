/**
 * Seals secrets for storage under the master key: AES-256-GCM with a random nonce, bound to the place they
 * belong to.
 *
 * An envelope is: version (1 byte), length of the key id (1), key id, nonce (12), tag (16), ciphertext. The
 * version and the key id are authenticated with the caller's context.
 */
import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import type { Random } from "./random.ts";

export interface Seal {
  /** Seals a text for one place. */
  seal(text: string, context: string): Uint8Array;
  /** Opens what was sealed for the same place. Throws an Error, which repeats nothing, for anything else. */
  unseal(sealed: Uint8Array, context: string): string;
}

export interface SealOptions {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** Names the key, so that an envelope says which one opens it; at most 32 characters of ASCII. */
  readonly keyId: string;
  readonly random: Random;
}

const ALGORITHM = "aes-256-gcm";
const VERSION = 1;
export const MASTER_KEY_BYTES = 32;
const KEY_ID_LENGTH_MAX = 32;
// Random nonces of 96 bits are safe for 2^32 secrets under one key (NIST SP 800-38D, 8.3).
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Makes a seal. Throws a RangeError for a key or key id of a wrong length. */
export function createSeal({ key, keyId, random }: SealOptions): Seal {
  if (key.length !== MASTER_KEY_BYTES) {
    throw new RangeError(`a master key has ${MASTER_KEY_BYTES} bytes, got ${key.length}`);
  }
  if (!/^[\x21-\x7e]+$/.test(keyId) || keyId.length > KEY_ID_LENGTH_MAX) {
    throw new RangeError(`a key id has 1 to ${KEY_ID_LENGTH_MAX} characters of visible ASCII`);
  }
  const head = Buffer.concat([Buffer.from([VERSION, keyId.length]), Buffer.from(keyId, "ascii")]);

  return {
    seal(text, context) {
      const nonce = random.bytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(authenticated(head, context));
      const ciphertext = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([head, nonce, cipher.getAuthTag(), ciphertext]);
    },
    unseal(sealed, context) {
      const nonceStart = head.length;
      const tagStart = nonceStart + NONCE_BYTES;
      const textStart = tagStart + TAG_BYTES;
      if (sealed.length < textStart || !head.equals(sealed.subarray(0, head.length))) {
        throw new Error(`the secret was not sealed under the master key ${keyId}`);
      }
      const nonce = sealed.subarray(nonceStart, tagStart);
      const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(authenticated(head, context));
      decipher.setAuthTag(sealed.subarray(tagStart, textStart));
      try {
        return decipher.update(sealed.subarray(textStart), undefined, "utf8") + decipher.final("utf8");
      } catch {
        throw new Error("the sealed secret was changed, or belongs to another place");
      }
    },
  };
}

/**
 * Returns the context of an endpoint's secret: a row copied to another tenant or endpoint does not open
 * there.
 */
export function secretContext(tenant: number, endpoint: number): string {
  return `tenant ${tenant} endpoint ${endpoint} secret`;
}

/** Returns the id of a master key: 8 hexadecimal digits of a hash, which say nothing about the key. */
export function masterKeyId(key: Uint8Array): string {
  return createHash("sha256").update("posthorn master key id").update(key).digest("hex").slice(0, 8);
}

function authenticated(head: Uint8Array, context: string): Uint8Array {
  return Buffer.concat([head, Buffer.from(context, "utf8")]);
}
