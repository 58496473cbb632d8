import assert from "node:assert/strict";
import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { members } from "./members.ts";
import type { Vendor } from "./protocol.ts";
import type { Sample } from "./samples.ts";

/** One request as the receiver's program got it. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly payload: Buffer;
}

/** One event inside it, with a key that grows in the order of sending where the contract has one. */
export interface ReceivedEvent {
  readonly name: string;
  readonly type: string;
  readonly id: string;
}

/**
 * Verifies credentials and shape of a request, and that each event is what was published. Throws an
 * AssertionError. Written from the vendors' pages alone: it shares no code with the sending side.
 */
export const VERIFIERS: Readonly<
  Record<Vendor, (received: Received, secret: string, samples: readonly Sample[]) => readonly ReceivedEvent[]>
> = { bspk: verifyBspk, spektr: verifySpektr, bubblehouse: verifyBubblehouse };

function verifyBspk(
  { headers, payload }: Received,
  secret: string,
  samples: readonly Sample[],
): ReceivedEvent[] {
  assertSame(headers["x-bspk-secret"], secret, "X-Bspk-Secret");
  const body = members(JSON.parse(payload.toString("utf8")));
  assert.deepEqual(Object.keys(body), ["event_name", "object"]);
  const name = String(members(body["object"])["id"]);
  const { event } = published(samples, name);
  assert.equal(body["event_name"], event.type);
  assert.deepEqual(body["object"], event.data);
  return [{ name, type: event.type, id: "" }];
}

function verifySpektr(
  { headers, payload }: Received,
  secret: string,
  samples: readonly Sample[],
): ReceivedEvent[] {
  const timestamp = String(headers["x-signature-timestamp"]);
  assert.equal(headers["x-signature-alg"], "sha256");
  const expected = createHmac("sha256", secret).update(`${timestamp}.`).update(payload).digest("hex");
  assertSame(headers["x-signature"], expected, "x-signature");
  const body = members(JSON.parse(payload.toString("utf8")));
  assert.deepEqual(Object.keys(body), ["results"]);
  assert.ok(Array.isArray(body["results"]));
  return body["results"].map((result: unknown) => {
    const { id, spektrId, eventType, timestamp: at, data } = members(result);
    assert.match(String(id), /^[0-9a-f]{24}$/);
    const name = String(members(data)["contextId"]);
    const { event } = published(samples, name);
    assert.deepEqual(
      { spektrId, eventType, at: new Date(Number(at)).toISOString(), data },
      { spektrId: event.subject, eventType: event.type, at: event.occurred_at, data: event.data },
    );
    return { name, type: event.type, id: "" };
  });
}

function verifyBubblehouse(
  { path, headers, payload }: Received,
  secret: string,
  samples: readonly Sample[],
): ReceivedEvent[] {
  assert.equal(path, "/bh/SendEvent1");
  const [scheme, token = ""] = String(headers.authorization).split(" ");
  assert.equal(scheme, "Bearer");
  const [head = "", claims = "", signature = ""] = token.split(".");
  const expected = createHmac("sha256", Buffer.from(secret, "base64"))
    .update(`${head}.${claims}`)
    .digest("base64url");
  assertSame(signature, expected, "the token's signature");
  assert.equal(jsonOf(head)["alg"], "HS256");
  assert.ok(Number(jsonOf(claims)["exp"]) * 1000 > Date.now(), "the token has not expired");
  const { bhid, time, name: type, ...data } = members(JSON.parse(payload.toString("utf8")));
  assert.match(String(bhid), /^[0-9a-f]{16}$/);
  const name = String(members(data["extra_props"])["order_id"]);
  const { event } = published(samples, name);
  assert.deepEqual({ time, type, data }, { time: event.occurred_at, type: event.type, data: event.data });
  return [{ name, type: event.type, id: String(bhid) }];
}

function published(samples: readonly Sample[], name: string): Sample {
  const found = samples.find((sample) => sample.name === name);
  assert.ok(found !== undefined, `nothing named ${name} was published`);
  return found;
}

function jsonOf(part: string): Readonly<Record<string, unknown>> {
  return members(JSON.parse(Buffer.from(part, "base64url").toString("utf8")));
}

function assertSame(given: unknown, expected: string, what: string): void {
  const a = Buffer.from(String(given));
  const b = Buffer.from(expected);
  assert.ok(a.length === b.length && timingSafeEqual(a, b), `${what} is right`);
}
