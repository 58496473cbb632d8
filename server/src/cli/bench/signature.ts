import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/**
 * Says whether a request carries the signature of Standard Webhooks. It is not the package for receivers: it
 * does without what takes one turn of the event loop after the other, so that little is measured of it.
 */
export function isSigned(headers: IncomingHttpHeaders, payload: Buffer, key: Buffer): boolean {
  const expected = createHmac("sha256", key)
    .update(`${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.`)
    .update(payload)
    .digest();
  const given = Buffer.from(String(headers["webhook-signature"]).slice("v1,".length), "base64");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Returns the bytes of a secret of an endpoint. */
export function keyOf(secret: string): Buffer {
  return Buffer.from(secret.slice("whsec_".length), "base64");
}
