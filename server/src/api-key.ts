/**
 * The text of an API key: `phk_`, 256 random bits in 43 characters of base 62, and their CRC-32 in 6 more.
 *
 * The prefix lets secret scanners find a key that leaked; the checksum lets them, and us, tell a key from
 * what only looks like one without asking the store. Base 62 has no character at which a text breaks.
 */
import { crc32 } from "node:zlib";
import type { Random } from "./random.ts";

const PREFIX = "phk_";
const SESSION_PREFIX = "ses_";
// A node of before takes what begins so for a session, and its cookie for none: it opens nothing there.
const PORTAL_PREFIXES = {
  session: `${SESSION_PREFIX}portal_`,
  link: `${SESSION_PREFIX}portal_link_`,
} as const;
const SECRET_BYTES = 32;
// 62^43 > 2^256, and 62^6 > 2^32.
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

const CHECKED = /^phk_[0-9A-Za-z]{49}$/;
// As keys were made before they had a checksum: base64url of the same 256 bits. They go on working.
const UNCHECKED = /^phk_[0-9A-Za-z_-]{43}$/;

/** Makes a key that nobody else has. */
export function makeApiKey(random: Random): string {
  const bits = BigInt(`0x${Buffer.from(random.bytes(SECRET_BYTES)).toString("hex")}`);
  const secret = base62(bits, SECRET_LENGTH);
  return PREFIX + secret + checksumOf(secret);
}

/** Makes the name under which a key is listed and revoked. */
export function makeApiKeyId(random: Random): string {
  return `key_${Buffer.from(random.bytes(12)).toString("base64url")}`;
}

/** Makes the id of a session, which is stored where keys are. */
export function makeSessionId(random: Random): string {
  return SESSION_PREFIX + Buffer.from(random.bytes(12)).toString("base64url");
}

/** Makes the id of a portal's session, or of the link that opens one. Both are sessions, whoever asks. */
export function makePortalId(random: Random, what: "session" | "link"): string {
  return PORTAL_PREFIXES[what] + Buffer.from(random.bytes(12)).toString("base64url");
}

/** Returns what a session is: a browser's that a key or a first start's link opened, or a portal's. */
export function sessionKindOf({ id }: { readonly id: string }): "dashboard" | "portal" | "portal_link" {
  if (id.startsWith(PORTAL_PREFIXES.link)) {
    return "portal_link";
  }
  return id.startsWith(PORTAL_PREFIXES.session) ? "portal" : "dashboard";
}

/** Tells a session from a key: it is none, and opens nothing where a key is asked for. */
export function isSession({ id }: { readonly id: string }): boolean {
  return id.startsWith(SESSION_PREFIX);
}

/**
 * Returns whether a text starts as a key of ours and is none, which says that it was cut off or mistyped. An
 * administrator's own key may be any text, and has to be compared before.
 */
export function isMistypedApiKey(text: string): boolean {
  return text.startsWith(PREFIX) && !UNCHECKED.test(text) && !isChecked(text);
}

function isChecked(text: string): boolean {
  const secret = text.slice(PREFIX.length, -CHECKSUM_LENGTH);
  return CHECKED.test(text) && text.endsWith(checksumOf(secret));
}

function checksumOf(secret: string): string {
  return base62(BigInt(crc32(secret)), CHECKSUM_LENGTH);
}

function base62(value: bigint, length: number): string {
  let text = "";
  for (let rest = value; text.length < length; rest /= 62n) {
    text = DIGITS.charAt(Number(rest % 62n)) + text;
  }
  return text;
}
