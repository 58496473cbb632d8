/**
 * Seals secrets for storage under the master key: AES-256-GCM with a random nonce, bound to the place they
 * belong to.
 *
 * An envelope is: version (1 byte), length of the key id (1), key id (8), nonce (12), tag (16), ciphertext.
 * The version and the key id are authenticated with the caller's context.
 */
import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import type { Random } from "./random.ts";

export interface Seal {
  /** Names the key that seals. */
  readonly keyId: string;
  /** Seals a text for one place. */
  seal(text: string, context: string): Uint8Array;
  /**
   * Opens what was sealed for the same place, under this key or an older one. Throws an Error, which repeats
   * nothing, for anything else.
   */
  unseal(sealed: Uint8Array, context: string): string;
  /** Says whether it has a key of this id. */
  knows(keyId: string): boolean;
}

export interface SealOptions {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** Open what they once sealed, and seal nothing any more. Default: none. */
  readonly olderKeys?: readonly Uint8Array[];
  readonly random: Random;
}

const ALGORITHM = "aes-256-gcm";
const VERSION = 1;
export const MASTER_KEY_BYTES = 32;
const KEY_ID = /^[0-9a-f]{8}$/;
const KEY_ID_LENGTH = 8;
const HEAD_BYTES = 2 + KEY_ID_LENGTH;
// Random nonces of 96 bits are safe for 2^32 secrets under one key (NIST SP 800-38D, 8.3).
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const TEXT_START = HEAD_BYTES + NONCE_BYTES + TAG_BYTES;

/** Makes a seal. Throws a RangeError for a key of a wrong length. */
export function createSeal({ key, olderKeys = [], random }: SealOptions): Seal {
  const keys = new Map([...olderKeys, key].map((each) => [masterKeyId(each), each]));
  const keyId = masterKeyId(key);
  const head = Buffer.concat([Buffer.from([VERSION, KEY_ID_LENGTH]), Buffer.from(keyId, "latin1")]);

  return {
    keyId,
    seal(text, context) {
      const nonce = random.bytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(authenticated(head, context));
      const ciphertext = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([head, nonce, cipher.getAuthTag(), ciphertext]);
    },
    unseal(sealed, context) {
      const sealedUnder = keyIdOf(sealed);
      const opening = keys.get(sealedUnder ?? "");
      if (opening === undefined) {
        const known = `only ${[...keys.keys()].join(", ")} known`;
        throw new Error(`the secret is sealed under the master key ${sealedUnder ?? "of no id"}, ${known}`);
      }
      const nonce = sealed.subarray(HEAD_BYTES, HEAD_BYTES + NONCE_BYTES);
      const decipher = createDecipheriv(ALGORITHM, opening, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(authenticated(sealed.subarray(0, HEAD_BYTES), context));
      decipher.setAuthTag(sealed.subarray(HEAD_BYTES + NONCE_BYTES, TEXT_START));
      try {
        return decipher.update(sealed.subarray(TEXT_START), undefined, "utf8") + decipher.final("utf8");
      } catch {
        throw new Error("the sealed secret was changed, or belongs to another place");
      }
    },
    knows: (id) => keys.has(id),
  };
}

/** Returns the id of the master key that an envelope names; undefined for what is no envelope. */
export function keyIdOf(sealed: Uint8Array): string | undefined {
  const keyId = Buffer.from(sealed.subarray(2, HEAD_BYTES)).toString("latin1");
  const isEnvelope = sealed.length >= TEXT_START && sealed[0] === VERSION && sealed[1] === KEY_ID_LENGTH;
  return isEnvelope && KEY_ID.test(keyId) ? keyId : undefined;
}

/**
 * Returns the context of an endpoint's secret: a row copied to another tenant or endpoint does not open
 * there.
 */
export function secretContext(tenant: number, endpoint: number): string {
  return `tenant ${tenant} endpoint ${endpoint} secret`;
}

/**
 * Returns the id of a master key: 8 hexadecimal digits of a hash, which say nothing about the key. Throws a
 * RangeError for a key of a wrong length.
 */
function masterKeyId(key: Uint8Array): string {
  if (key.length !== MASTER_KEY_BYTES) {
    throw new RangeError(`a master key has ${MASTER_KEY_BYTES} bytes, got ${key.length}`);
  }
  const digest = createHash("sha256").update("posthorn master key id").update(key).digest("hex");
  return digest.slice(0, KEY_ID_LENGTH);
}

function authenticated(head: Uint8Array, context: string): Uint8Array {
  return Buffer.concat([head, Buffer.from(context, "utf8")]);
}
