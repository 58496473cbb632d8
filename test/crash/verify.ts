/**
 * The receivers' own reading of each contract: credentials first, then the events. Written from the
 * vendors' pages; it shares no code with the sending side. The data of every event of these tests begins
 * with `"n":` and its number, and ends with `"end":0`, so that its bytes can be found in any envelope.
 */
import { createHmac, hash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { Webhook } from "standardwebhooks";
import type { ReceivedEvent, ReceiverName } from "./logs.ts";

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly payload: Buffer;
}

/** Reads the events of a request. Throws an Error that says which credential or member is wrong. */
export type Verify = (request: ReceivedRequest, secret: string) => readonly ReceivedEvent[];

export const VERIFIERS: Readonly<Record<ReceiverName, Verify>> = {
  bspk: verifyBspk,
  spektr: verifySpektr,
  bubblehouse: verifyBubblehouse,
  standard: verifyStandard,
};

/** Hashes the part of a text that is an event's data, without the braces around it. */
export function dataHashOf(text: string): string {
  return hashOf(text.slice(text.indexOf('"n":'), text.lastIndexOf('"end":0')));
}

function verifyBspk({ path, headers, payload }: ReceivedRequest, secret: string): readonly ReceivedEvent[] {
  expect(path === "/bspk", "the path");
  expect(isSame(headers["x-bspk-secret"], secret), "X-Bspk-Secret");
  const text = payload.toString("utf8");
  expect(Object.keys(objectIn(text)).join() === "event_name,object", "the members of the payload");
  return [eventIn(text, "")];
}

function verifySpektr({ path, headers, payload }: ReceivedRequest, secret: string): readonly ReceivedEvent[] {
  expect(path === "/spektr", "the path");
  const timestamp = String(headers["x-signature-timestamp"]);
  const expected = createHmac("sha256", secret).update(`${timestamp}.`).update(payload).digest("hex");
  expect(isSame(headers["x-signature"], expected), "x-signature");
  const text = payload.toString("utf8");
  expect(Object.keys(objectIn(text)).join() === "results", "the members of the payload");
  expect(text.startsWith('{"results":[{') && text.endsWith("}]}"), "the results");
  const results = text.slice('{"results":['.length, -"]}".length).split(/(?<=\}),(?=\{"id":")/);
  return results.map((result) => {
    const id = String(objectIn(result)["id"]);
    expect(/^[0-9a-f]{24}$/.test(id), "the id of a result");
    return eventIn(result, id);
  });
}

function verifyBubblehouse(request: ReceivedRequest, secret: string): readonly ReceivedEvent[] {
  expect(request.path === "/bubblehouse/SendEvent1", "the path");
  expectToken(request, secret);
  const text = request.payload.toString("utf8");
  const id = String(objectIn(text)["bhid"]);
  expect(/^[0-9a-f]{16}$/.test(id), "bhid");
  return [eventIn(text, id)];
}

/** Whether Bubblehouse asks whether its events are wanted. */
export function isHello({ path }: Pick<ReceivedRequest, "path">): boolean {
  return path === "/bubblehouse/Hello1";
}

/** Reads the magic that Hello1 wants back. Throws as the others do. */
export function verifyHello(request: ReceivedRequest, secret: string): string {
  expectToken(request, secret);
  const { magic } = objectIn(request.payload.toString("utf8"));
  expect(typeof magic === "string" && magic !== "", "the magic");
  return String(magic);
}

function expectToken({ headers }: ReceivedRequest, secret: string): void {
  const [scheme, token = ""] = String(headers.authorization).split(" ");
  const [head = "", claims = "", signature = ""] = token.split(".");
  const key = Buffer.from(secret, "base64");
  const expected = createHmac("sha256", key).update(`${head}.${claims}`).digest("base64url");
  expect(scheme === "Bearer" && isSame(signature, expected), "the token's signature");
  const { exp } = objectIn(Buffer.from(claims, "base64url").toString("utf8"));
  expect(Number(exp) * 1000 > Date.now(), "the token's end");
}

function verifyStandard(
  { path, headers, payload }: ReceivedRequest,
  secret: string,
): readonly ReceivedEvent[] {
  expect(path === "/standard", "the path");
  const text = payload.toString("utf8");
  const id = String(headers["webhook-id"]);
  // The reference library of Standard Webhooks, which throws if the signature is not right.
  new Webhook(secret).verify(text, {
    "webhook-id": id,
    "webhook-timestamp": String(headers["webhook-timestamp"]),
    "webhook-signature": String(headers["webhook-signature"]),
  });
  return [eventIn(text, id)];
}

function eventIn(text: string, id: string): ReceivedEvent {
  const number = Number(/"n":(\d+),/.exec(text)?.[1]);
  expect(Number.isSafeInteger(number), "the number of an event");
  return { number, id, payloadHash: hashOf(text), dataHash: dataHashOf(text) };
}

function hashOf(text: string): string {
  return hash("sha256", text, "base64url").slice(0, 16);
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(text);
  expect(typeof value === "object" && value !== null && !Array.isArray(value), "an object");
  return { ...(value as object) };
}

function isSame(given: unknown, expected: string): boolean {
  const one = Buffer.from(String(given));
  const other = Buffer.from(expected);
  return one.length === other.length && timingSafeEqual(one, other);
}

function expect(isSo: boolean, what: string): void {
  if (!isSo) {
    throw new Error(`${what} must be right`);
  }
}
