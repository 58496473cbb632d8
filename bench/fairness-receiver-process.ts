/**
 * A process of the fairness benchmark: under `/works/` a receiver that answers 200 and notes how long each
 * event was on its way, under `/answers/` one that only answers, under `/hangs/` one that never does.
 */
import { createServer, type IncomingMessage } from "node:http";
import { momentMs } from "../server/src/cli/bench/moment.ts";
import { listeningPort } from "../server/src/listening-port.ts";
import type { FromFairnessReceiver, ToFairnessReceiver } from "./fairness-protocol.ts";

let latenciesMs: number[] = [];

function send(message: FromFairnessReceiver): void {
  process.send?.(message);
}

function note(payload: string): void {
  const intendedAt = /"intended_at":([\d.]+)/.exec(payload)?.[1];
  if (intendedAt === undefined) {
    throw new Error("an event says when it was meant to be sent");
  }
  latenciesMs.push(momentMs() - Number(intendedAt));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

process.on("message", ({ kind }: ToFairnessReceiver) => {
  const latencies = latenciesMs;
  latenciesMs = [];
  send({ kind, latenciesMs: latencies });
});
process.on("disconnect", () => process.exit(0));

const server = createServer((request, response) => {
  if (request.url?.startsWith("/hangs/") === true) {
    request.resume();
    return;
  }
  const isNoted = request.url?.startsWith("/works/") === true;
  textOf(request).then((payload) => {
    if (isNoted) {
      note(payload);
    }
    response.writeHead(200, { "content-length": 0 }).end();
  }, request.destroy);
});
server.listen(0, "127.0.0.1", () => send({ kind: "listening", port: listeningPort(server) }));
