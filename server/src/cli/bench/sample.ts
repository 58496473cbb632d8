/** An event of 1 KB and a request that carries it, signed as the server signs. */
import { createHmac } from "node:crypto";
import { keyOf } from "./signature.ts";

const SAMPLE_BYTES = 1024;

/** When every event happened: so all payloads are the same bytes. */
const OCCURRED_AT = "2026-01-01T00:00:00.000Z";

/** The type of every event sent. */
export const SAMPLE_TYPE = "invoice.paid";

const fields = { invoice: 12345678, customer: "cus_8f3k2", amount: "199.00", currency: "EUR", note: "" };

/** `data` of an event of which the whole payload has about a kilobyte. */
export const SAMPLE_DATA = {
  ...fields,
  note: "n".repeat(SAMPLE_BYTES - JSON.stringify(fields).length - '{"type":"invoice.paid",…}'.length),
};

/** Returns one event as it is posted, or an array of them; with idempotency keys, where they are made. */
export function eventsBody(count: number, newKey?: () => string): string {
  const one = (): string =>
    JSON.stringify({
      type: SAMPLE_TYPE,
      occurred_at: OCCURRED_AT,
      idempotency_key: newKey?.(),
      data: SAMPLE_DATA,
    });
  return count === 1 ? one() : `[${Array.from({ length: count }, one).join(",")}]`;
}

/** Returns what one delivery of the sample is on the wire. */
export function signedRequest(
  secret: string,
  id = "evt_0123456789abcdef",
): { headers: Record<string, string>; payload: Buffer } {
  const payload = samplePayload();
  return { headers: signedHeaders({ id, secret, payload }), payload };
}

/** Returns an event as Standard Webhooks says it. */
export function samplePayload(): Buffer {
  return Buffer.from(JSON.stringify({ type: SAMPLE_TYPE, timestamp: OCCURRED_AT, data: SAMPLE_DATA }));
}

/** Signs as Standard Webhooks does, and as the server does. */
export function signedHeaders({ id, secret, payload }: { id: string; secret: string; payload: Buffer }) {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac("sha256", keyOf(secret))
    .update(`${id}.${timestamp}.`)
    .update(payload)
    .digest("base64");
  return {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature}`,
  };
}
