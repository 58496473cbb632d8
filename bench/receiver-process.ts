/**
 * A process of the benchmark: a bare receiver of Standard Webhooks that answers 200, verifies the signature
 * of every request, and counts.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { listeningPort } from "../server/src/listening-port.ts";
import type { FromReceiver, ToReceiver } from "./protocol.ts";

const KEEP_ALIVE_MS = 60_000;

let key = Buffer.alloc(0);
let ids = new Set<string>();
let requests = 0;
let refused = 0;
let isComplete = (): boolean => false;

function send(message: FromReceiver): void {
  process.send?.(message);
}

function isSigned({ headers }: IncomingMessage, payload: Buffer): boolean {
  const expected = createHmac("sha256", key)
    .update(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.`)
    .update(payload)
    .digest();
  const given = Buffer.from(String(headers["webhook-signature"]).slice("v1,".length), "base64");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function note(request: IncomingMessage, payload: Buffer): void {
  requests += 1;
  refused += isSigned(request, payload) ? 0 : 1;
  ids.add(String(request.headers["webhook-id"]));
  if (isComplete()) {
    isComplete = () => false;
    send({ kind: "complete", receipt: { requests, distinct: ids.size, refused } });
  }
}

process.on("message", (message: ToReceiver) => {
  key = Buffer.from(message.secret.slice("whsec_".length), "base64");
  ids = new Set();
  requests = 0;
  refused = 0;
  isComplete = () => ("distinct" in message ? ids.size >= message.distinct : requests >= message.requests);
  send({ kind: "expecting" });
});
process.on("disconnect", () => process.exit(0));

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    response.writeHead(200, { "content-length": 0 }).end();
    note(request, Buffer.concat(chunks));
  });
});
server.keepAliveTimeout = KEEP_ALIVE_MS;
server.listen(0, "127.0.0.1", () => send({ kind: "listening", port: listeningPort(server) }));
