/**
 * A process of the benchmark: a bare receiver that answers 200, verifies the signature of every request of
 * Standard Webhooks, and counts.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { isSigned, keyOf } from "../server/src/cli/bench/signature.ts";
import { listeningPort } from "../server/src/listening-port.ts";
import type { Counted, FromReceiver, ReceiverManner, ToReceiver } from "./protocol.ts";

const KEEP_ALIVE_MS = 60_000;

/** What is expected, and what of it came. */
interface Count {
  readonly number: number;
  readonly count: Counted;
  /** Of signatures; undefined: none is looked at. */
  readonly key: Buffer | undefined;
  readonly ids: Set<string>;
  counted: number;
  refused: number;
}

let current: Count | undefined;

function send(message: FromReceiver): void {
  process.send?.(message);
}

/** What of a request is counted. */
function idsOf({ count, counted }: Count, { headers, url }: IncomingMessage, payload: Buffer): string[] {
  switch (count) {
    case "requests":
      return [String(counted)];
    case "ids":
      return [String(headers["webhook-id"])];
    case "ids by path":
      return [`${url} ${headers["webhook-id"]}`];
    case "events in batches": {
      const events: readonly { readonly id: string }[] = JSON.parse(payload.toString());
      return events.map(({ id }) => id);
    }
  }
}

function note(request: IncomingMessage, payload: Buffer): void {
  if (current === undefined) {
    return;
  }
  const { ids, key, number } = current;
  current.refused += key === undefined || isSigned(request.headers, payload, key) ? 0 : 1;
  for (const id of idsOf(current, request, payload)) {
    current.counted += 1;
    ids.add(id);
  }
  if (ids.size >= number) {
    const { counted, refused } = current;
    current = undefined;
    send({ kind: "complete", receipt: { counted, distinct: ids.size, refused } });
  }
}

process.on("message", ({ count, number, secret }: ToReceiver) => {
  const key = secret === undefined ? undefined : keyOf(secret);
  current = { count, number, key, ids: new Set(), counted: 0, refused: 0 };
  send({ kind: "expecting" });
});
process.on("disconnect", () => process.exit(0));

function answer(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  function reply(): void {
    response.writeHead(200, { "content-length": 0 }).end();
    note(request, Buffer.concat(chunks));
  }
  request.on("end", () => {
    if (answerMs === 0) {
      reply();
    } else {
      setTimeout(reply, answerMs);
    }
  });
}

const [given = "{}"] = process.argv.slice(2);
const { tls, answerMs = 0 }: ReceiverManner = JSON.parse(given);
const server = tls === undefined ? createServer(answer) : createTlsServer(tls, answer);
server.keepAliveTimeout = KEEP_ALIVE_MS;
server.listen(0, "127.0.0.1", () => send({ kind: "listening", port: listeningPort(server) }));
